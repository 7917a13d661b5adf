"""Notices to colleagues: which kinds there are, and their words, a file a kind and language in `wording/`."""
