"""What messaging publishes of a message: its full public state, in chunks by type and lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.messaging.store.sending.results import MessageStatus
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


def publish_status(tx: Tx, states: Iterable[MessageStatus], at: datetime) -> None:
    """Each status in the event of its kind; a survey's never stands behind a campaign's."""
    if tx.is_scratch:  # nobody hears of a rehearsal, and nobody reads its outbox
        return
    chunks: defaultdict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    changes, waited = [], []
    for state in states:
        changes.append((state.channel, state.state, state.reason))
        if state.state == MessageState.SENT and state.reason is None and state.waited is not None:
            waited.append((state.lane, state.waited))
        chunks[EVENTS[state.state].__name__, state.lane].append(state.row(at))
    kinds = {kind.__name__: kind for kind in EVENTS.values()}
    for (kind, lane), rows in sorted(chunks.items()):
        publish(tx, chunk_of_rows(kinds[kind], rows), at=at, lane=Lane(lane))
    metrics.record_deliveries(tx.service, changes)
    metrics.record_send_delays(tx.service, waited)
