"""What a cell of a file says: its dates, and what may be wrong with a row."""
