"""What surveys ask, and what was answered to it beside the score."""
