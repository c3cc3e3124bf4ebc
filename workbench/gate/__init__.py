"""The performance gate: policy, verdict and its formats."""
