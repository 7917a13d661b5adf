"""When the house went live, and back to the sandbox."""

from __future__ import annotations

from datetime import datetime

from shared.database.pool import Tx
from shared.rows import row


@row
class LivePeriod:
    since: datetime
    by: str


def live_period(tx: Tx) -> LivePeriod | None:
    """The one that stands; None in the sandbox."""
    return next(iter(tx.rows(LivePeriod, "select since, by from live_period where ended_at is null")), None)


def begin(tx: Tx, by: str, at: datetime) -> bool:
    """False where the house is live already."""
    query = "insert into live_period (since, by) values (%s, %s) on conflict do nothing"
    return bool(tx.execute(query, [at, by]).rowcount)


def end(tx: Tx, by: str, at: datetime) -> bool:
    """False where the house is in the sandbox already."""
    query = "update live_period set ended_at = greatest(%s, since), ended_by = %s where ended_at is null"
    return bool(tx.execute(query, [at, by]).rowcount)
