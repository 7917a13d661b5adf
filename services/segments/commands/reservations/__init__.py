"""Reservations, from a file or one by one, into guests and stays."""
