"""What DNS must say of the domains that mail is from, and what it said, day by day."""
