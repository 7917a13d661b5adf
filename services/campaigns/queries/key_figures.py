"""Bookings won: made within 30 days after a guest opened a link of a message, and standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from services.campaigns.queries.results import LAST_CLICK, MEMORY, OVER, Revenue
from shared.access.scope import Scope, within
from shared.database.pool import Tx

WON_WITHIN = timedelta(days=30)  # as `LAST_CLICK` says


@dataclass(frozen=True)
class Won:
    """`earned`: in each currency, the greatest sum first."""

    bookings: int
    earned: list[Revenue]


def bookings_won(tx: Tx, since: datetime, until: datetime, scope: Scope) -> int:
    """Of those booked in the window; a cancelled stay, or one to which nobody came, is none."""
    row = tx.execute(f"{WON} select count(*) from won", {"since": since, "until": until, **scope.values}).fetchone()
    return int(row[0]) if row else 0


def won_rows(tx: Tx, since: datetime, until: datetime, scope: Scope) -> list[Any]:
    """The same with what these stays come to, as `won_of` reads it; plain values, so that they can be kept."""
    tx.execute(MEMORY)
    return list(map(list, tx.execute(f"{WON} {EARNED}", {"since": since, "until": until, **scope.values})))


def won_by_window(tx: Tx, bounds: Sequence[datetime], scope: Scope) -> list[list[Any]]:
    """Between each bound and the next one: from which, counted from 0, and the bookings. Where there are none is no
    row."""
    tx.execute(MEMORY)
    values = {"since": bounds[0], "until": bounds[-1], "bounds": list(bounds), **scope.values}
    return list(map(list, tx.execute(f"{WON} {BY_WINDOW}", values)))


def won_of(rows: Sequence[Sequence[Any]]) -> Won:
    earned = [Revenue(currency, Decimal(amount), unknown) for currency, amount, unknown, _ in rows if currency]
    return Won(sum(bookings for *_, bookings in rows), [one for one in earned if one.amount])


def clicks_are_many(tx: Tx, since: datetime, until: datetime, most: int) -> bool:
    """Whether more than `most` messages were clicked that could have won a booking between these instants; no more
    than that are looked at."""
    query = f"""
        select count(*) from (
            select from message where clicked_at >= %s - {LAST_CLICK} and clicked_at < %s limit %s
        ) as these
    """
    row = tx.execute(query, [since, until, most + 1]).fetchone()
    return row is not None and row[0] > most


WON = f"""
    with won as (
        select distinct stay.stay_id, stay.property, stay.booked_at, stay.revenue, stay.currency
        from message
        join enrolment on enrolment.id = message.enrolment_id
        left join guest_known known on known.guest_id = enrolment.guest_id
        join stay_known stay on stay.guest_id = coalesce(known.merged_into, enrolment.guest_id)
        where message.clicked_at >= %(since)s - {LAST_CLICK} and message.clicked_at < %(until)s
            and stay.booked_at >= %(since)s and stay.booked_at < %(until)s
            and stay.booked_at > message.clicked_at and stay.booked_at <= message.clicked_at + {LAST_CLICK}
            and {OVER} and {within("stay.property")}
    )
"""
BY_WINDOW = """
    select width_bucket(booked_at, %(bounds)s::timestamptz[]) - 1, count(*) from won group by 1 order by 1
"""
EARNED = """
    select coalesce(nullif(won.currency, ''), hotel.currency, ''), coalesce(sum(revenue), 0)::text,
        count(*) filter (where revenue is null), count(*)
    from won left join property_known hotel on hotel.code = won.property
    group by 1 order by coalesce(sum(revenue), 0) desc, 1
"""
