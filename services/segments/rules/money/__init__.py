"""Money: how amounts and currencies are written, what hotels are paid in, and rates of exchange."""
