"""For who answers for guests' data: terms, the record of processing, and what was done for people's rights."""
