"""Which other systems are connected, how each is doing, and how one is connected."""
