"""Benchmark results: the data model, the file format, statistics and comparison."""
