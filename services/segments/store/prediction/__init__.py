"""What was predicted, kept: the sums, and what is expected of each guest."""
