"""Outside data into reservations. Past this point the types are true and nothing is checked again.

What names a stay and its days must be right, or the row is refused with the field and the reason. All else may be
dirt: a rate below nothing, a country nobody knows, «NA» children are unknown, and the row stays.
"""
