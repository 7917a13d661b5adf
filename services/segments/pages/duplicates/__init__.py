"""Pages about guests who may be one person: the desk that decides, merging any two, and taking a merge apart."""
