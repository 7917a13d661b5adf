"""The key figures: what each is, and how it is made of what the services counted."""
