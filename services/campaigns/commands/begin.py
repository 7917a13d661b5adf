"""Enrolments begin, and others are told who entered: once each, as they come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.campaigns.rules.advance import Due
from services.campaigns.rules.entries import Entrance
from services.campaigns.rules.planning import Planned
from services.campaigns.store import enrolments as store
from services.campaigns.store.timers import mark_told
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.campaigns import JourneyEntered
from shared.events.dictionary import chunk_of_rows

Row = tuple[object, ...]


def begin(tx: Tx, starts: Sequence[tuple[Entrance, Planned]], at: datetime) -> int:
    """How many began. Of whom it is known before they come, it is told as they do."""
    started = store.start(tx, starts, at)
    _tell(tx, [_row(one) for one, planned in started if store.has_come(one, planned, at)], at)
    return len(started)


def tell_who_came(tx: Tx, dues: Sequence[Due], at: datetime) -> None:
    """Of those whose timer ran out, whoever was known before they came."""
    came = [due for due in dues if not due.told and due.ended is None]
    if came:
        mark_told(tx, [due.id for due in came])
        _tell(tx, [_row_of(due) for due in came], at)


def _tell(tx: Tx, rows: Sequence[Row], at: datetime) -> None:
    if rows:
        publish(tx, chunk_of_rows(JourneyEntered, rows), at=at)


def _row(one: Entrance) -> Row:
    """In the order of `JourneyEntered`'s fields, as below."""
    return (store.enrolment_id(one), one.plan, one.guest_id, one.stay_id, one.property, one.live.key, one.at)


def _row_of(due: Due) -> Row:
    return (due.id, due.plan, due.guest_id, due.stay_id, due.property, due.journey, due.entered_at)
