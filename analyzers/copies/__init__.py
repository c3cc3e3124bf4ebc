"""Copies of a function's body, found by a fingerprint."""
