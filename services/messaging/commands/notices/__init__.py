"""Notices to colleagues: queued, claimed, and settled once."""
