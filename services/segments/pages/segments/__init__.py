"""Pages about segments: the list, and the form in which a rule is written."""
