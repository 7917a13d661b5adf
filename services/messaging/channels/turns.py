"""In which turn messages go to the lines of a pool: as they came, and never two to one contact point at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from services.messaging.channels.sender import Outgoing

NOBODY: tuple[Outgoing, ...] = ()


class Turns:
    """What waits, and which contact points have a message on a line. Its caller holds the pool's lock."""

    def __init__(self) -> None:
        self._next = deque[Outgoing]()
        self._behind: dict[str, tuple[Outgoing, ...]] = {}  # by contact point on a line: who follows there

    def __len__(self) -> int:
        """All that wait."""
        return len(self._next) + self._following

    _following = 0

    @property
    def free(self) -> int:
        """How many may be taken, as far as is known."""
        return len(self._next)

    def add(self, messages: Iterable[Outgoing]) -> None:
        self._next.extend(messages)

    def take(self) -> Outgoing | None:
        """The first whose contact point is on no line; it is, from now on."""
        while self._next:
            message = self._next.popleft()
            if message.to not in self._behind:
                self._behind[message.to] = NOBODY
                return message
            self._behind[message.to] += (message,)
            self._following += 1
        return None

    def leave(self, message: Outgoing) -> None:
        """It is no longer on a line: whoever is behind it comes next."""
        following = self._behind.pop(message.to)
        self._following -= len(following)
        self._next.extendleft(reversed(following))

    def put_back(self, message: Outgoing) -> None:
        """It was on a line, and comes first."""
        self.leave(message)
        self._next.appendleft(message)

    def empty(self) -> list[Outgoing]:
        """All that wait, and wait no longer."""
        left = [*self._next, *(message for following in self._behind.values() for message in following)]
        self._next.clear()
        self._behind, self._following = dict.fromkeys(self._behind, NOBODY), 0
        return left
