"""Figures that count guests, made ready at night."""
