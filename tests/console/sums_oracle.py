"""What console keeps of stays and messages by day and month, held against the raw rows they are made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from shared.database.pool import Database
from tests.segments.rows import rows_of

SUMS = "bookings, lead_days, arrivals, cancelled, no_shows, stays, nights, priced, revenue"


def check_stays(console: Database, segments: Database) -> Counter[str]:
    """Raises where a sum of days or months is not that of the stays; returns how many lines of each agree."""
    days, months = stays(segments)
    agreed: Counter[str] = Counter()
    for table, expected in (("stay_day", days), ("stay_month", months)):
        found = rows_of(console, f"select day, property, channel, market, currency, {SUMS} from {table}")
        told = {tuple(one[:5]): list(one[5:]) for one in found if any(one[5:])}
        differ = [key for key in told.keys() | expected.keys() if told.get(key) != expected.get(key)]
        assert not differ, [(table, key, told.get(key), expected.get(key)) for key in sorted(differ)[:5]]
        agreed[table] = len(told)
    return agreed


def stays(segments: Database) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Each counts on the day of its booking, of its arrival, and, unless it is muted, of its end."""
    by_day: dict[Any, list[Any]] = defaultdict(lambda: [0] * 8 + [Decimal(0)])
    by_month: dict[Any, list[Any]] = defaultdict(lambda: [0] * 8 + [Decimal(0)])
    for hotel, channel, market, currency, status, booked, arrival, left, nights, revenue in rows_of(segments, STAYS):
        ahead = max((arrival - booked).days, 0)
        counts: list[tuple[date, list[Any]]] = [
            (booked, [1, ahead, 0, 0, 0, 0, 0, 0, 0]),
            (arrival, [0, 0, 1, status == "cancelled", status == "no_show", 0, 0, 0, 0]),
        ]
        if left:
            counts.append((left, [0, 0, 0, 0, 0, 1, nights, revenue is not None, revenue or 0]))
        for day, more in counts:
            for found, on in ((by_day, day), (by_month, day.replace(day=1))):
                line = found[on, hotel, channel, market, currency]
                line[:] = [known + one for known, one in zip(line, more, strict=True)]
    return dict(by_day), dict(by_month)


def check_messages(console: Database) -> int:
    """Messages that went by day, journey, channel and currency, with their cost, are the messages one by one."""
    told = {tuple(one[:5]): tuple(one[5:]) for one in rows_of(console, MESSAGES) if any(one[5:])}
    expected: dict[Any, tuple[int, Decimal]] = {}
    for at, journey, purpose, channel, cost, currency in rows_of(console, SENT):
        key = at.astimezone(UTC).date(), journey, purpose, channel, (currency or "") if cost is not None else ""
        count, sum_ = expected.get(key, (0, Decimal(0)))
        expected[key] = count + 1, sum_ + (cost or 0)
    differ = [key for key in told.keys() | expected.keys() if told.get(key) != expected.get(key)]
    assert not differ, [(key, told.get(key), expected.get(key)) for key in sorted(differ)[:5]]
    return len(told)


STAYS = """
    select property, coalesce(channel, ''), coalesce(market_segment, ''), coalesce(currency, ''), status, booked_on,
        arrival, case when not muted then checked_out_on end, nights, revenue
    from stay where not starts_with(reservation, 'anonymous')
"""
MESSAGES = """
    select day, journey, purpose, channel, currency, sum(messages)::int, sum(cost)
    from message_day group by 1, 2, 3, 4, 5
"""
SENT = """
    select sent_at, journey, purpose, coalesce(channel, ''), cost, currency
    from message_seen where sent_at is not null
"""
