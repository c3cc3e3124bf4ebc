"""Drop-in replacements, native where built."""
