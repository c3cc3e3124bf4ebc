"""Data model of reports."""
