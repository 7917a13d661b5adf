"""One module a command, as many as there are: `add` declares its arguments, `run` does it, returning the status."""
