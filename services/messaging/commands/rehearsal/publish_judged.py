"""Tell campaigns what the gate would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.store.rehearsal import wanted as store
from services.messaging.store.rehearsal.wanted import Wanted
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of_rows
from shared.events.rehearsals import MessageJudged
from shared.vocabulary.message import MessageState

Row = tuple[Any, ...]
MESSAGE, STATE = 1, 10  # places in a row of `judged`


def publish_judged(tx: Tx, wanted: Wanted, rows: Sequence[Row], parts: Mapping[UUID, int], at: datetime) -> None:
    """All of it, where somebody still waits for it, and behind it the end."""
    if not store.answered(tx, wanted.id, at):
        return
    of = len(rows)
    told = [(wanted.id, number, of, *row, _parts(row, parts)) for number, row in enumerate(rows)]
    end = (wanted.id, of, of, None, None, wanted.until, "UTC", *[""] * 5, None, "", None, None, None, "", 0)
    publish(tx, chunk_of_rows(MessageJudged, [*told, end]), at=at)


def _parts(row: Row, parts: Mapping[UUID, int]) -> int:
    return parts.get(row[MESSAGE], 0) if row[STATE] == MessageState.SENT else 0
