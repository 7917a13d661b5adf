"""Companies as accounts, and who to speak to there."""
