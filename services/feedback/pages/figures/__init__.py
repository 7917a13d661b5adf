"""What answers come to: the score of each hotel, of parts of its answers, and what surveys ask beside it."""
