"""A marketer's whole stories: each is built at the screen, rehearsed, launched, run on the virtual clock and read in
its results."""
