"""Offers: written, made live and stopped; their codes added, given to guests and used."""
