"""Stays as they are kept here: how many came to a status a day, how many will come to a date."""

from __future__ import annotations

from datetime import date, datetime

from services.campaigns.queries.journeys import Pace
from services.campaigns.steps.entries import STANDS_WHILE
from shared.access.scope import Scope, within
from shared.database.pool import Tx

INSTANT = {"booked": "booked_at", "checked_out": "checked_out_at"}
"""Of the other statuses the instant is not kept."""


def stays_reaching(tx: Tx, status: str, since: datetime, until: datetime, scope: Scope, days: int) -> Pace:
    if status not in INSTANT:
        return Pace(days, 0, 0)
    row = tx.execute(
        f"""
        select coalesce(sum(stays), 0)::int, coalesce(max(stays), 0)::int
        from (
            select count(*) as stays from stay_known
            where status = any(%(standing)s) and {INSTANT[status]} >= %(since)s and {INSTANT[status]} < %(until)s
              and {within("property")}
            group by {INSTANT[status]}::date
        ) as daily
        """,
        {"standing": sorted(STANDS_WHILE[status]), "since": since, "until": until, **scope.values},
    ).fetchone()
    assert row is not None
    return Pace(days, *row)


def stays_ahead(tx: Tx, anchor: str, hotel: str | None, days: tuple[date, date], scope: Scope) -> Pace:
    """Those that stand now and arrive (or depart) on these days, the last one not among them."""
    column = {"arrival": "arrival", "departure": "departure"}[anchor]
    first, last = days
    row = tx.execute(
        f"""
        select coalesce(sum(stays), 0)::int, coalesce(max(stays), 0)::int
        from (
            select count(*) as stays from stay_known
            where status = any(%(standing)s) and {column} >= %(first)s and {column} < %(last)s
              and (%(hotel)s::text is null or property = %(hotel)s) and {within("property")}
            group by {column}
        ) as daily
        """,
        {
            "standing": sorted(STANDS_WHILE["booked"]),
            "first": first,
            "last": last,
            "hotel": hotel,
            **scope.values,
        },
    ).fetchone()
    assert row is not None
    return Pace((last - first).days, *row)
