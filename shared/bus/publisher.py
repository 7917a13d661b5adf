"""What the relay needs of a publisher: what it returns as confirmed is safe, anything else is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from shared.rows import row


@row
class OutboxRow:
    """A message to publish; `id` is its number in the service's outbox, `message_id` its identity everywhere."""

    id: int
    message_id: UUID
    type: str
    lane: str
    headers: dict[str, str]
    body: bytes
    created_at: datetime


@dataclass(frozen=True)
class Published:
    """The outcome of a batch, by outbox id; a row in none of them is unknown and sent again.

    `returned`: no queue is bound to its type. `released`: how many messages of earlier batches were delivered only now.
    `unfit`: what cannot be published as it is, with the reason.
    """

    confirmed: list[int] = field(default_factory=list)
    nacked: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    released: int = 0
    unfit: dict[int, str] = field(default_factory=dict)


def together(answers: Sequence[Published]) -> Published:
    """The answers to the parts of one batch as one."""
    return Published(
        [number for answer in answers for number in answer.confirmed],
        [number for answer in answers for number in answer.nacked],
        [number for answer in answers for number in answer.returned],
        sum(answer.released for answer in answers),
        {number: reason for answer in answers for number, reason in answer.unfit.items()},
    )


class Publisher(Protocol):
    @property
    def connections(self) -> int:
        """How many connections were opened so far. Where the number rises, the broker may have lost what it confirmed;
        it stays 0 for a publisher whose confirm is durable."""
        ...

    @property
    def holds_back(self) -> bool:
        """Whether it may have confirmed what it has not delivered yet, and must be called again (tests only)."""
        ...

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        """Publish a batch and wait for the confirms. Raises where the outcome is unknown: all of it is sent again."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Connecting(Protocol):
    """A publisher that can connect before the first batch."""

    def open(self) -> None: ...

    def not_ready_reason(self) -> str | None:
        """Why nothing can be published now, in a sentence."""
        ...
