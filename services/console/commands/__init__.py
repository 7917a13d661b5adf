"""What console does."""
