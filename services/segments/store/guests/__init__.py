"""The SQL of guests, their contact points and their stays."""
