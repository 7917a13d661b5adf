"""A hotel's file and its columns: how it is read as a table, which of its columns is which field."""
