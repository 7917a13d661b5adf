"""Tell campaigns who would enter and leave which audience."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from services.segments.store import rehearsals as store
from services.segments.store.rehearsals import Wanted
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, event_type

FORECAST = event_type("audience.forecast.v1")
OF_CHANGE = ("guest_id", "segment", "version", "entered", "initial", "at", "zone", "because")


def publish_forecast(tx: Tx, wanted: Wanted, changes: Iterable[Chunk], at: datetime) -> None:
    """All of it, where somebody still waits for it, and behind it the end. Until it is said, nothing was."""
    if not store.answered(tx, wanted.id, at):
        return
    pieces = [piece for piece in changes if len(piece)]
    of, numbers = sum(map(len, pieces)), count()
    for piece in pieces:
        places = [next(numbers) for _ in range(len(piece))]
        publish(tx, Chunk(FORECAST, {**_head(wanted.id, places, of), **{n: piece[n] for n in OF_CHANGE}}), at=at)
    publish(tx, Chunk(FORECAST, {**_head(wanted.id, [of], of), **_end(wanted)}), at=at)


def _head(id_: UUID, places: list[int], of: int) -> dict[str, list[Any]]:
    return {"rehearsal_id": [id_] * len(places), "number": places, "of": [of] * len(places)}


def _end(wanted: Wanted) -> dict[str, list[Any]]:
    values: tuple[Any, ...] = (None, "", 0, False, False, wanted.until, "UTC", {})
    return {name: [value] for name, value in zip(OF_CHANGE, values, strict=True)}
