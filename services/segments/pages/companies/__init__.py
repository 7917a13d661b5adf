"""Companies as accounts: the list, one account, and what people change there."""
