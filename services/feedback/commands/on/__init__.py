"""What an event does in feedback, one module a subject. The greater version wins, in whatever order events arrive."""
