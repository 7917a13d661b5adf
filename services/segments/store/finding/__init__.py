"""The SQL of what guests are found by."""
