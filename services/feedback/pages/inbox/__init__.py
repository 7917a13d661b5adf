"""The inbox: its list, a thread, answers, canned answers."""
