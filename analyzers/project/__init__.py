"""Find a project's files, their modules, and the names that modules use from each other."""
