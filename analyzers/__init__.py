"""Find and rewrite qualified names in Python code, for any mapping of old names to new ones."""
