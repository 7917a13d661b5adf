"""What happens to a thread: guests write, people read, hand on, put off, close and answer."""
