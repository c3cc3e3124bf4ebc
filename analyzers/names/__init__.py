"""Scopes, bindings and uses of names, and what they refer to."""
