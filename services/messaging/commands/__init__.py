"""The use cases of messaging."""
