"""Every night it is counted what each sender sent, and what came back or was reported as spam."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from services.messaging.store.senders import counted as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of_rows
from shared.events.messaging import SenderCounted

HOUR = time(3, 0)  # UTC: before warnings are judged
LOOKED_BACK = timedelta(days=store.KEPT_DAYS)
AGAIN = timedelta(days=2)  # days that are counted once more: what was unclear has come to an end
MOST = timedelta(days=30)  # at once


def count_senders(tx: Tx, at: datetime) -> int:
    """Publish the next days that are over; 1 where it was due. The first time it goes through half a year, a month at
    once; where it stood still it goes on where it was. Counted again a day has a greater version."""
    today = at.astimezone(UTC).date()
    due = store.claim(tx, at, today - LOOKED_BACK)
    if due is None:
        return 0
    first = due.counted_to - AGAIN + timedelta(days=1)
    after = min(first + MOST, today)
    version = int(at.timestamp() * 1_000_000)
    rows = [
        (sender, purpose, day, version, name, channel, sent, bounced, complained, at)
        for sender, purpose, day, name, channel, sent, bounced, complained in store.days_of(tx, first, after)
    ]
    if rows:
        publish(tx, chunk_of_rows(SenderCounted, rows), at=at)
    night = datetime.combine(today, HOUR, UTC)
    store.keep(tx, after - timedelta(days=1), at if after < today else night + timedelta(days=night <= at))
    return 1
