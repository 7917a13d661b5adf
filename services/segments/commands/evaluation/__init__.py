"""Who is in which segment: evaluated when something changes, when time passes, and when a rule is new."""
