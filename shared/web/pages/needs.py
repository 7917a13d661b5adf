"""What needs somebody, and how much: the home page tells it in this order, those that are urgent first."""

from __future__ import annotations

from enum import IntEnum


class Weight(IntEnum):
    """Who is let down while nobody does it: the lower the earlier."""

    GUEST = 0
    """A guest waits for an answer."""
    SENDING = 1
    """Messages do not go, or not as they should."""
    DATA = 2
    """What comes in, or goes to other systems, is not up to date."""
    COLLEAGUE = 3
    """Somebody of the house waits."""
    TIDY = 4
    """Nobody waits: it makes what is there better."""
