"""What an event does in console, one module a subject."""
