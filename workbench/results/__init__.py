"""What a benchmark run found: the data, the file format, statistics and comparison."""
