"""Search for guests: what is matched whole (`exact`), what in parts (`matches`), and why (`reasons`)."""
