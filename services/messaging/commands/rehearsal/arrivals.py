"""What campaigns would ask for and take back, as it would arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from services.messaging.store.rehearsal.wanted import Rehearsed
from shared.events.dictionary import Chunk, event_type

REQUESTED, WITHDRAWN = event_type("message.requested.v1"), event_type("message.withdrawn.v1")
WITHDRAWAL = 2  # the version of a withdrawal


def arrivals(messages: Iterable[Rehearsed]) -> Iterator[tuple[datetime, Chunk]]:
    """In their order; what comes at one instant, of one kind, in one chunk."""
    for (at, is_asked), found in groupby(messages, key=lambda one: (one.at, bool(one.request))):
        some = list(found)
        yield at, _requests(some) if is_asked else _withdrawals(some)


def _requests(messages: Iterable[Rehearsed]) -> Chunk:
    told = [one.request for one in messages]
    return Chunk(REQUESTED, {name: [one[name] for one in told] for name in REQUESTED.columns})


def _withdrawals(messages: Iterable[Rehearsed]) -> Chunk:
    columns: dict[str, list[Any]] = {name: [] for name in WITHDRAWN.columns}
    for one in messages:
        values = (str(one.message_id), WITHDRAWAL, str(one.guest_id), one.reason, one.at.isoformat())
        for name, value in zip(WITHDRAWN.columns, values, strict=True):
            columns[name].append(value)
    return Chunk(WITHDRAWN, columns)
