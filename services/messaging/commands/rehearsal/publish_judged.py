"""Tell campaigns what the gate would say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.messaging.store.rehearsal import wanted as store
from services.messaging.store.rehearsal.wanted import Wanted
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of_rows
from shared.events.rehearsals import MessageJudged

Row = tuple[Any, ...]


def publish_judged(tx: Tx, wanted: Wanted, rows: Sequence[Row], at: datetime) -> None:
    """All of it, where somebody still waits for it, and behind it the end."""
    if not store.answered(tx, wanted.id, at):
        return
    of = len(rows)
    told = [(wanted.id, number, of, *row) for number, row in enumerate(rows)]
    nothing = ("UTC", *[""] * 5, None, "", None, None, None, "", 0, None, None, None)
    end = (wanted.id, of, of, None, None, wanted.until, *nothing)
    publish(tx, chunk_of_rows(MessageJudged, [*told, end]), at=at)
