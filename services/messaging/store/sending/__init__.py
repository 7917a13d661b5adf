"""Messages on their way: asked for, claimed, sent with which words, unclear, not to be written."""
