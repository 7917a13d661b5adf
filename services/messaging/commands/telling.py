"""What messaging tells the others about a message: its full public state, in chunks by type and lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Lane, chunk_of_rows
from shared.events.messaging import (
    MessageFailed,
    MessageHeld,
    MessageSent,
    MessageSkipped,
    MessageUnknown,
    PublishedMessage,
)
from shared.rows import row
from shared.telemetry import metrics
from shared.vocabulary.message import MessageState

EVENTS: dict[str, type[PublishedMessage]] = {
    MessageState.SENT: MessageSent,
    MessageState.FAILED: MessageFailed,
    MessageState.UNKNOWN: MessageUnknown,
    MessageState.SKIPPED: MessageSkipped,
    MessageState.EXPIRED: MessageSkipped,
    MessageState.HELD: MessageHeld,
}


@row
class State:
    """One message's state as it stands after this transaction."""

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    lane: str
    channel: str | None
    state: str
    reason: str | None
    held_until: datetime | None

    def row(self, at: datetime) -> tuple[Any, ...]:
        """In the order of PublishedMessage's fields."""
        return (
            self.message_id,
            self.version,
            self.guest_id,
            self.journey,
            self.journey_version,
            self.step,
            self.occurrence,
            self.purpose,
            self.property,
            self.stay_id,
            self.channel,
            self.state,
            self.reason,
            self.held_until,
            at,
        )


def tell(tx: Tx, states: Iterable[State], at: datetime) -> None:
    """Say each state in the event of its kind; a survey's never stands behind a campaign's."""
    chunks: defaultdict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    changes = []
    for state in states:
        changes.append((state.channel, state.state, state.reason))
        chunks[EVENTS[state.state].__name__, state.lane].append(state.row(at))
    kinds = {kind.__name__: kind for kind in EVENTS.values()}
    for (kind, lane), rows in sorted(chunks.items()):
        publish(tx, chunk_of_rows(kinds[kind], rows), at=at, lane=Lane(lane))
    metrics.record_deliveries(tx.service, changes)
