"""Edits: planned, proved, shown as a diff and written."""
