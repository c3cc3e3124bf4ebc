"""Find copies of a function's body by fingerprint."""
