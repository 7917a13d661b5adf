"""Offers: the list, one with its codes and figures, the desk where codes are used, and what a guest sees."""
