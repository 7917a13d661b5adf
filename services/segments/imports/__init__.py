"""The reading room, beside the other rooms because a file is read twice before its first row is entered."""
