"""Find the Python that can move to a native backend, move it, and prove that it was worth it."""
