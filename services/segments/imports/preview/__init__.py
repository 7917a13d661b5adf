"""A file as it would be read: what the page of a draft shows and `guestloop import --dry-run --json` prints."""
