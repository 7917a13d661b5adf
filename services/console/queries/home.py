"""What console itself knows for the home page: what was sent, and which journeys were launched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class SentCount:
    """How many messages of a hotel were sent in a quarter of an hour; no time zone starts its hours in between."""

    property: str
    quarter: datetime
    messages: int


@dataclass(frozen=True)
class Daily:
    journey: str
    day: date  # UTC
    messages: int


def sent_between(tx: Tx, first: datetime, last: datetime, codes: Sequence[str]) -> list[SentCount]:
    return tx.rows(SentCount, SENT, {"first": first, "last": last, "codes": list(codes)})


def by_day(tx: Tx, first: date, scope: Scope) -> list[Daily]:
    """What was sent from `first` on in these hotels, by journey and day."""
    return tx.rows(Daily, BY_DAY, {"first": first, **scope.values})


def launched(tx: Tx) -> list[str]:
    return [journey for (journey,) in tx.execute("select distinct journey from journey_launched order by journey")]


SENT = """
    select property, date_bin('15 minutes', sent_at, 'epoch') as quarter, count(*)::int as messages
    from message_seen
    where sent_at >= %(first)s and sent_at < %(last)s and property = any(%(codes)s::text[])
    group by 1, 2
"""
BY_DAY = f"""
    select journey, day, sum(messages)::int as messages
    from message_day
    where day >= %(first)s and {within("property")}
    group by 1, 2 having sum(messages) <> 0
"""
