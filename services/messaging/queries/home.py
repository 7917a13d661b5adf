"""Figures for the home page: what is planned, what is unclear, which sender fails."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.messaging.queries.scope import MESSAGE_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx


def planned(tx: Tx, zones: Mapping[str, str], since: datetime, until: datetime) -> list[tuple[str, datetime, int]]:
    """By hotel and instant how many are to be looked at; a message of no hotel counts for its guest's."""
    return tx.execute(
        """
        select coalesce(message.property, guest.home_property) as hotel, next_at, count(*)
        from delivery as message left join recipient as guest using (guest_id)
        where state in ('queued', 'held') and next_at >= %(since)s and next_at < %(until)s
          and coalesce(message.property, guest.home_property) = any(%(hotels)s)
        group by 1, 2
        """,
        {"since": since, "until": until, "hotels": sorted(zones)},
    ).fetchall()


def by_hour(rows: Sequence[tuple[str, datetime, int]], zones: Mapping[str, str], now: datetime) -> dict[str, list[int]]:
    """By hotel 24 numbers: what is due today and not yet gone, by hour of the hotel's day."""
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for hotel, at, count in rows:
        zone = ZoneInfo(zones[hotel])
        if at.astimezone(zone).date() == now.astimezone(zone).date():
            counted[hotel][at.astimezone(zone).hour] += count
    return {hotel: [hours[hour] for hour in range(24)] for hotel, hours in counted.items()}


def unclear(tx: Tx, scope: Scope, since: datetime) -> tuple[int, int]:
    """How many are unclear; and of them, how many since before an instant."""
    row = tx.execute(
        f"""
        select count(*), count(*) filter (where message.changed_at <= %(since)s)
        from delivery as message left join recipient as guest using (guest_id)
        where state = 'unknown' and {MESSAGE_SEEN}
        """,
        {**scope.values, "since": since},
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def came_back(tx: Tx, since: datetime, reasons: Sequence[str]) -> list[tuple[str, str, int]]:
    """By channel and reason, how many messages came back for these reasons since then."""
    return tx.execute(
        """
        select channel, reason, count(*) from receipt
        where state = 'bounced' and reported_at >= %s and reason = any(%s)
        group by channel, reason order by channel, reason
        """,
        [since, list(reasons)],
    ).fetchall()


def failing(tx: Tx, since: datetime) -> list[tuple[str, str, int]]:
    """By channel and reason, how many messages failed since then for what every message like them fails."""
    return tx.execute(
        """
        select channel, reason, count(*) from decision
        where at >= %s and state = 'failed' and channel is not null
          and reason in ('sender_set_up', 'unreachable', 'content_refused', 'policy_refused')
        group by channel, reason order by channel, reason
        """,
        [since],
    ).fetchall()
