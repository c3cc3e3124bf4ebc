"""Run the analysis of many files: processes, isolation and the cache."""
