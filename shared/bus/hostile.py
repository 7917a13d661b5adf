"""A publisher for tests that does whatever a broker may do: everything arrives, but late, twice and out of order.

It wraps a mailbox publisher. Of each batch some messages are delivered twice, some are kept back for a later call, the
rest goes out shuffled and in small pieces, so that consumers see other batches than were published. What it keeps back
it has confirmed, as a broker with a slow queue does; an empty batch (the relay has nothing left) releases everything.
It draws from one seed: the same seed misbehaves in the same way.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.publisher import OutboxRow, Published

TWICE, KEPT_BACK, AGAIN_LATER, RELEASED = 0.2, 0.3, 0.2, 0.5
LARGEST_PIECE = 7


class HostilePublisher:
    connections = 0
    holds_back = True

    def __init__(self, inner: MailboxPublisher, seed: int) -> None:
        self._inner = inner
        self._chance = random.Random(seed)
        self._kept: list[OutboxRow] = []

    @property
    def pending(self) -> int:
        """Messages confirmed and not yet delivered."""
        return len(self._kept)

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        if not batch:
            return Published(released=self._release(self._kept))
        routable = [row for row in batch if self._inner.has_subscriber(row.type)]
        kept_back = [row for row in routable if self._happens(KEPT_BACK)]
        now = [row for row in batch if row not in kept_back]
        answer = self._deliver(now + [row for row in routable if row not in kept_back and self._happens(TWICE)])
        self._release([row for row in self._kept if self._happens(RELEASED)])
        confirmed = set(answer.confirmed)
        self._kept += kept_back + [row for row in now if row.id in confirmed and self._happens(AGAIN_LATER)]
        confirmed.update(row.id for row in kept_back)
        return Published(sorted(confirmed), sorted(set(answer.nacked)), sorted(set(answer.returned)))

    def close(self) -> None:
        self._inner.close()

    def _release(self, rows: list[OutboxRow]) -> int:
        """Deliver what was kept back; what is refused now stays."""
        arrived = set(self._deliver(rows).confirmed)
        self._kept = [row for row in self._kept if row not in rows or row.id not in arrived]
        return len(arrived)

    def _deliver(self, rows: list[OutboxRow]) -> Published:
        answers = [self._inner.publish(piece) for piece in self._pieces(rows)]
        nacked = [number for answer in answers for number in answer.nacked]
        confirmed = [number for answer in answers for number in answer.confirmed if number not in nacked]
        return Published(confirmed, nacked, [number for answer in answers for number in answer.returned])

    def _pieces(self, rows: list[OutboxRow]) -> list[list[OutboxRow]]:
        """The rows shuffled, in pieces of random size."""
        left = self._chance.sample(rows, len(rows))
        pieces = []
        while left:
            size = self._chance.randint(1, LARGEST_PIECE)
            pieces.append(left[:size])
            left = left[size:]
        return pieces

    def _happens(self, chance: float) -> bool:
        return self._chance.random() < chance
