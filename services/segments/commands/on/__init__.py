"""What segments does on an event of another service, one module a subject."""
