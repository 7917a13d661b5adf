"""The house's senders: set up, tried, paused and deleted. What they are asked with stands in no trail and no event."""
