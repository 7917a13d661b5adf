"""One cleaning of addresses and numbers, for every door they come in by.

What a cell holds is read as the points it means, each in the one spelling that it is kept, compared and indexed by. An
address that was clean stays as it was to the letter: its blind index, and every objection under it, goes on.
"""
