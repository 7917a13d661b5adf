"""Ways out of the outbox. All keep one contract: what is returned as confirmed is safe, anything else is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from shared.rows import row


@row
class OutboxRow:
    """A message on its way; `id` is its number in the speaker's outbox, `message_id` its identity everywhere."""

    id: int
    message_id: UUID
    type: str
    lane: str
    headers: dict[str, str]
    body: bytes
    said_at: datetime


@dataclass(frozen=True)
class Published:
    """What became of a batch, by outbox id; what is in none of the three is unknown and sent again.

    `returned`: nobody listens to it. `released`: messages of earlier batches that only now reached their queues.
    """

    confirmed: list[int] = field(default_factory=list)
    nacked: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    released: int = 0


class Publisher(Protocol):
    @property
    def connections(self) -> int:
        """How many connections were opened so far. A rise tells the relay that a broker may have forgotten; a
        publisher whose confirm cannot be forgotten says 0 for ever."""
        ...

    @property
    def holds_back(self) -> bool:
        """Whether it may have confirmed what it has not handed on yet, and wants to be asked again (tests only)."""
        ...

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        """Hand over a batch and wait for the answer. Raises where the answer is unknown: all of it is sent again."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Connecting(Protocol):
    """A publisher with a connection to be had beforehand."""

    def open(self) -> None: ...

    def not_ready_reason(self) -> str | None:
        """Why nothing can be published now, in a sentence."""
        ...
