"""Bookings won: made within 30 days after a guest opened a link of a message, and standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.queries.results import LAST_CLICK, OVER, Revenue
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class Won:
    """`earned`: in each currency, the greatest sum first."""

    bookings: int
    earned: list[Revenue]


def bookings_won(tx: Tx, since: datetime, until: datetime, scope: Scope) -> int:
    """Of those booked in the window; a cancelled stay, or one to which nobody came, is none."""
    row = tx.execute(f"{WON} select count(*) from won", {"since": since, "until": until, **scope.values}).fetchone()
    return int(row[0]) if row else 0


def won_and_earned(tx: Tx, since: datetime, until: datetime, scope: Scope) -> Won:
    """The same, with what these stays come to."""
    rows = tx.execute(f"{WON} {EARNED}", {"since": since, "until": until, **scope.values}).fetchall()
    earned = [Revenue(currency, amount, unknown) for currency, amount, unknown, _ in rows if currency and amount]
    return Won(sum(bookings for *_, bookings in rows), earned)


WON = f"""
    with won as (
        select distinct stay.stay_id, stay.property, stay.revenue, stay.currency
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
EARNED = """
    select coalesce(nullif(won.currency, ''), hotel.currency, ''), coalesce(sum(revenue), 0),
        count(*) filter (where revenue is null), count(*)
    from won left join property_known hotel on hotel.code = won.property
    group by 1 order by 2 desc, 1
"""
