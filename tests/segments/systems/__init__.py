"""Other systems, each against a server on loopback that behaves as its maker's papers say."""
