"""Tell campaigns who would enter and leave which audience."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.store import rehearsals as store
from services.segments.store.rehearsals import Wanted
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of_rows
from shared.events.rehearsals import AudienceForecast

CROSSING = "audience.changed.v1"
Row = tuple[Any, ...]


def publish_forecast(tx: Tx, wanted: Wanted, changes: Iterable[Chunk], at: datetime) -> None:
    """All of it, where somebody still waits for it, and behind it the end. Until it is said, nothing was."""
    if not store.answered(tx, wanted.id, at):
        return
    told = [row for chunk in changes for row in _rows(chunk)]
    rows = [(wanted.id, number, len(told), *row) for number, row in enumerate(told)]
    end: Row = (wanted.id, len(told), len(told), None, "", 0, False, False, wanted.until, "UTC", {}, {})
    publish(tx, chunk_of_rows(AudienceForecast, [*rows, end]), at=at)


def _rows(chunk: Chunk) -> Iterator[Row]:
    """Guest, segment, version, entered, initial, instant, zone, because, stay."""
    names = list(chunk.columns)
    for values in zip(*chunk.columns.values(), strict=True):
        told = dict(zip(names, values, strict=True))
        guest, version = UUID(told["guest_id"]), told["version"]
        if chunk.type.name == CROSSING:
            flags, at = (told["entered"], told["initial"]), datetime.fromisoformat(told["at"])
            yield guest, told["segment"], version, *flags, at, told["zone"], told["because"], {}
        else:
            at = datetime.fromisoformat(told["occurred_at"])
            yield guest, "", version, False, False, at, told["zone"], {}, {"type": chunk.type.name, **told}
