"""Launches that look through the stays booked already: how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.database.pool import Tx

FIRST = UUID(int=0)


@dataclass(frozen=True)
class StayScan:
    journey: str
    after_arrival: date
    after_stay: UUID
    since: datetime


NOT_SET_ASIDE = "not exists (select from set_aside where role = 'booked stays' and item = stay_scan.journey)"


def begin(tx: Tx, journey: str, first: date, since: datetime) -> None:
    tx.execute(
        """
        insert into stay_scan (journey, after_arrival, after_stay, since) values (%s, %s, %s, %s)
        on conflict (journey) do update
        set after_arrival = excluded.after_arrival, after_stay = excluded.after_stay, since = excluded.since
        """,
        [journey, first, FIRST, since],
    )


def end(tx: Tx, journey: str) -> None:
    tx.execute("delete from stay_scan where journey = %s", [journey])


def claim(tx: Tx) -> StayScan | None:
    """The next one, unless another clock holds it."""
    rows = tx.rows(
        StayScan,
        f"""
        select journey, after_arrival, after_stay, since from stay_scan where {NOT_SET_ASIDE}
        order by since, journey limit 1 for update skip locked
        """,
    )
    return rows[0] if rows else None


def move_on(tx: Tx, journey: str, arrival: date, stay: UUID) -> None:
    statement = "update stay_scan set after_arrival = %s, after_stay = %s where journey = %s"
    tx.execute(statement, [arrival, stay, journey])
