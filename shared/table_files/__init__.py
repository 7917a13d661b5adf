"""A file becomes a sound table, whatever it is: its letters, its separators, its row of headings, its sheets."""
