"""Writing and publishing what guests read."""
