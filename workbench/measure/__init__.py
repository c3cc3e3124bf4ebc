"""Timing the two sides of a utility in pairs, over several processes."""
