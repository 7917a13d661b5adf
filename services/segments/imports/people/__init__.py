"""A file that holds people and no stays: how its rows are read, and what its list is called."""
