"""The team: people, their roles, and keys for programs."""
