"""What an offer is, what its codes are made of, and when one may be used."""
