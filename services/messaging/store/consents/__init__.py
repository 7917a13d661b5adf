"""SQL of what guests allow: the ledger, confirmations under way, objections and those of the erased."""
