"""Bookings won: made within 30 days after a guest opened a link of a message, and standing."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.queries.results import LAST_CLICK, OVER
from shared.access.scope import Scope, within
from shared.database.pool import Tx


def bookings_won(tx: Tx, since: datetime, until: datetime, scope: Scope) -> int:
    """Of those booked in the window; a cancelled stay, or one to which nobody came, is none."""
    row = tx.execute(WON, {"since": since, "until": until, **scope.values}).fetchone()
    return int(row[0]) if row else 0


WON = f"""
    select count(distinct stay.stay_id)
    from message
    join enrolment on enrolment.id = message.enrolment_id
    left join guest_known known on known.guest_id = enrolment.guest_id
    join stay_known stay on stay.guest_id = coalesce(known.merged_into, enrolment.guest_id)
    where message.clicked_at >= %(since)s - {LAST_CLICK} and message.clicked_at < %(until)s
        and stay.booked_at >= %(since)s and stay.booked_at < %(until)s
        and stay.booked_at > message.clicked_at and stay.booked_at <= message.clicked_at + {LAST_CLICK}
        and {OVER} and {within("stay.property")}
"""
