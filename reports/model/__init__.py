"""A report as plain frozen data."""
