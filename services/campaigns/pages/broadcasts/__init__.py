"""Broadcasts: one message to whoever is in a segment on a day."""
