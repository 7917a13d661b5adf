"""What an answer means. Pure."""
