"""Time the two sides of a utility in pairs, in several processes."""
