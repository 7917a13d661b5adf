"""Who will come again, how often, and what that brings: BG/NBD and gamma-gamma, in a process of their own."""
