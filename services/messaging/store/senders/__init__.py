"""The house's senders: how they are set up, how they fare, and whether the house is live."""
