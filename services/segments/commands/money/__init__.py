"""Currencies and rates: what hotels are paid in, what they are added in, and amounts converted between them."""
