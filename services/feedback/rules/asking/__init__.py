"""What a survey asks, and for how long it takes an answer."""
