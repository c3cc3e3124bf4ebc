"""Numbers, columns and escapes for terminals, Markdown and GitHub."""
