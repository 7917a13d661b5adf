"""Connections to other systems, and what these say has changed."""
