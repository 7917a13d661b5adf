"""By what a guest is found: the pieces of names, numbers and addresses, the words of a question, and why they agree."""
