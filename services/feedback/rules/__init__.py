"""Feedback's rules, without I/O."""
