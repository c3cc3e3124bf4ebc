"""Which files a project has, which module each is, and what modules reach in each other."""
