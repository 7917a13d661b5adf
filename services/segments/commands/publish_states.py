"""Publish the new state of guests and stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.segments.queries.published import guest_states, kept_row, stay_row, with_other_indexes
from services.segments.rules.stays import OVER, Stay, is_anonymous, occurred_at
from services.segments.store import feeds as feed_days
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Lane, chunk_of, chunk_of_rows
from shared.events.segments.feeds import FeedHeard, PropertyHeard
from shared.events.segments.guests import GuestChanged
from shared.events.segments.stays import (
    StayBooked,
    StayCancelled,
    StayChanged,
    StayCheckedIn,
    StayCheckedOut,
    StayKept,
    StayNoShow,
    StayReinstated,
    StayState,
)
from shared.vocabulary.stay import StayStatus

EPOCH = date(1970, 1, 1).toordinal()
EVENT_OF_STATUS: dict[str, type[StayState]] = {
    StayStatus.BOOKED: StayBooked,
    StayStatus.CANCELLED: StayCancelled,
    StayStatus.NO_SHOW: StayNoShow,
    StayStatus.CHECKED_IN: StayCheckedIn,
    StayStatus.CHECKED_OUT: StayCheckedOut,
}


def publish_guests(
    tx: Tx, ids: Collection[UUID], at: datetime, lane: Lane | None = None, *, new: Sequence[GuestChanged] = ()
) -> None:
    """`ids`: guests whose state is read; `new`: those whose state is known, since they were made just now."""
    read = guest_states(tx, ids, at) if ids else []
    if states := sorted([*read, *new], key=attrgetter("guest_id.int")):
        publish(tx, chunk_of(with_other_indexes(tx, states)), at=at, lane=lane)


def publish_stays(
    tx: Tx, changes: Sequence[tuple[Stay | None, Stay]], at: datetime, lane: Lane | None = None
) -> set[str]:
    """Each stay as the event of its last change; one that a source merely amended changed at `at`. Of those of erased
    guests only the figure is told. The hotels of which something is told as of `at`."""
    rows: dict[type[StayState], list[tuple[Any, ...]]] = {}
    kept: list[tuple[Any, ...]] = []
    heard: set[str] = set()
    for old, new in changes:
        if is_anonymous(new):
            kept.append(kept_row(new))
            continue
        kind = kind_of(old, new)
        when = at if kind in (StayChanged, StayReinstated) else occurred_at(new)
        rows.setdefault(kind, []).append(stay_row(new, when))
        if when == at:
            heard.add(new.property)
    for kind in sorted(rows, key=lambda kind: kind.__name__):
        publish(tx, chunk_of_rows(kind, rows[kind]), at=at, lane=lane)
    publish_kept(tx, kept, at)
    return heard


def publish_kept(tx: Tx, rows: Sequence[tuple[Any, ...]], at: datetime) -> None:
    """What is left of stays of erased guests."""
    if rows:
        publish(tx, chunk_of_rows(StayKept, sorted(rows)), at=at)


def publish_heard(tx: Tx, hotels: Collection[str], at: datetime, lane: Lane | None = None) -> None:
    """That data of these hotels came, behind what they changed."""
    if hotels:
        rows = [(code, int(at.timestamp()), at) for code in sorted(hotels)]
        publish(tx, chunk_of_rows(PropertyHeard, rows), at=at, lane=lane)


def publish_feeds(tx: Tx, feeds: Collection[tuple[str, str]], at: datetime) -> None:
    """That a source told of a hotel, once a day: (hotel, source)."""
    day = at.astimezone(UTC).date()
    fresh = feed_days.note(tx, feeds, day) if feeds else []
    if fresh:
        rows = [(hotel, source, day.toordinal() - EPOCH, day, at) for hotel, source in fresh]
        publish(tx, chunk_of_rows(FeedHeard, rows), at=at)


def kind_of(old: Stay | None, new: Stay) -> type[StayState]:
    """The event of a change of a stay."""
    if old is None or old.status != new.status:
        back = old is not None and old.status in OVER and new.status not in OVER
        return StayReinstated if back else EVENT_OF_STATUS[new.status]
    return StayChanged
