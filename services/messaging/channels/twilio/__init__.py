"""Twilio, for every channel that goes by it: its client, what its codes mean, an account's settings."""
