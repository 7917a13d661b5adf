"""How a command ends, and what it says then."""

from __future__ import annotations

DONE, REFUSED, ASKED_WRONGLY, NOT_ASKED = 0, 1, 2, 3


class Trouble(Exception):
    """What is wrong, and what to do; `status`: how the command ends."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
