"""Pages that every service has: its health, and its bus with its dead letters."""
