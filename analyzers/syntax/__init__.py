"""Read source code as text, tokens, statements and syntax trees."""
