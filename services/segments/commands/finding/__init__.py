"""What guests are found by, written and indexed again in sets."""
