"""Offers, their codes, who was given which, and what was used."""
