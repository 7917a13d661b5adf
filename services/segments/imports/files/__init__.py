"""A hotel's file becomes a sound table, whatever it is: its letters, its separators, its header row, its sheets."""
