"""Audits of a code base with the catalog's rules."""
