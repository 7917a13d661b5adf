"""Links in what guests read: where they lead, whose are tracked, which visits are clicks of their guest."""
