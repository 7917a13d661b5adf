"""Figures that count guests, and the guests behind them."""
