"""Warnings, as colleagues see them."""
