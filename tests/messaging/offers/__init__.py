"""Offers, from the draft to the desk."""
