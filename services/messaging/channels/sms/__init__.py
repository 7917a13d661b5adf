"""Text messages: Twilio, hours by country, parts counted as carriers do."""
