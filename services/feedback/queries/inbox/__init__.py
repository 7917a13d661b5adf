"""The inbox as its pages show it."""
