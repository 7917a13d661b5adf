"""Pages that bring in a file of reservations."""
