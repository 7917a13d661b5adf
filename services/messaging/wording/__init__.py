"""The words of a message: the small language they are written in, names and greetings, languages, values."""
