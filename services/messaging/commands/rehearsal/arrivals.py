"""What campaigns would ask for and take back, as it would arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from services.messaging.store.rehearsal.wanted import Rehearsed
from shared.events.dictionary import Chunk, EventType, event_type

REQUESTED, WITHDRAWN = event_type("message.requested.v1"), event_type("message.withdrawn.v1")
WITHDRAWAL = 2  # the version of a withdrawal


def arrivals(messages: Iterable[Rehearsed]) -> Iterator[tuple[datetime, Chunk]]:
    """In their order; what comes at one instant, of one kind, in one chunk."""
    for (at, stay, is_asked), found in groupby(messages, key=_kind):
        some = list(found)
        if stay:
            yield at, _columns(event_type(stay), [one.stay for one in some])
        elif is_asked:
            yield at, _columns(REQUESTED, [one.request for one in some])
        else:
            yield at, _withdrawals(some)


def _kind(one: Rehearsed) -> tuple[datetime, str, bool]:
    return one.at, one.stay.get("type", ""), bool(one.request)


def _columns(kind: EventType, told: Sequence[Mapping[str, Any]]) -> Chunk:
    return Chunk(kind, {name: [one[name] for one in told] for name in kind.columns})


def _withdrawals(messages: Iterable[Rehearsed]) -> Chunk:
    columns: dict[str, list[Any]] = {name: [] for name in WITHDRAWN.columns}
    for one in messages:
        values = (str(one.message_id), WITHDRAWAL, str(one.guest_id), one.reason, one.at.isoformat())
        for name, value in zip(WITHDRAWN.columns, values, strict=True):
            columns[name].append(value)
    return Chunk(WITHDRAWN, columns)
