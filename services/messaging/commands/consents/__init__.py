"""What guests allow and refuse, by whoever it is recorded."""
