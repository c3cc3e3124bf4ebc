"""The performance gate: policy, verdict and output formats."""
