"""Find the bindings and uses of names in a file, and resolve them to rules."""
