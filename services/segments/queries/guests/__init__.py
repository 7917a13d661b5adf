"""Guests as their pages show them."""
