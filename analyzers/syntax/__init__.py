"""Source code as text, tokens, statements and syntax trees."""
