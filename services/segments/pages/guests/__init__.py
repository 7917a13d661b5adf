"""Pages about guests: the list, one guest with their story, and what the front desk does for them."""
