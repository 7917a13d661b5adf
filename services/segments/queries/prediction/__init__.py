"""What predictions are made of, and what was predicted."""
