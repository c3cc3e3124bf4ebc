"""The catalog of replaceable utilities, one module each."""
