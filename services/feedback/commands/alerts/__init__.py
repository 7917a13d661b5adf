"""Somebody of the hotel is called: at once, one after the other, until one answers."""
