"""Messages as console counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.database.pool import Tx


@dataclass(frozen=True)
class Count:
    day: date
    journey: str
    state: str
    reason: str | None
    messages: int


def messages_by_day(tx: Tx, first: date, last: date) -> list[Count]:
    """How many messages are in which state, by journey and by the day (UTC) they reached it."""
    return tx.rows(Count, MESSAGES_BY_DAY, {"first": first, "last": last})


MESSAGES_BY_DAY = """
    select day, journey, state, reason, count(*)::int as messages
    from message_seen
    where day between %(first)s and %(last)s
    group by day, journey, state, reason
    order by day, journey, state, reason nulls first
"""
