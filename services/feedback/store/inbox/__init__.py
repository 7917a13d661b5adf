"""What the inbox keeps: threads, answers, who is answering, canned answers."""
