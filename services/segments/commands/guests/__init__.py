"""What people do for one guest."""
