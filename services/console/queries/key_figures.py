"""What console itself counted for key figures: stays by day, and messages sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.console.rules.figures.figures import Sent
from services.console.rules.figures.revenue import Revenue
from shared.database.pool import Tx
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.window import Window

CUTS = ("", "market", "channel")
"""By which sums of days can be told apart."""
Counted = Mapping[str, Any]
MIDNIGHT, A_DAY = time(tzinfo=UTC), timedelta(days=1)


def sums_of(*windows: Window) -> str:
    """The table of sums that is the shortest to read: of months, where the windows are made of whole ones."""
    return "stay_month" if all(one.first.day == one.until.day == 1 for one in windows) else "stay_day"


def stays_in(
    tx: Tx, window: Window, property: str, own: Sequence[str], cut: str = "", value: str = ""
) -> Counted | None:
    """Sums of the days of a window, of a hotel (empty: all); None by a cut that days do not know."""
    if cut not in CUTS:
        return None
    values = {**_days(window, property), "own": list(own), "value": value}
    row = tx.execute(f"select {SUMS} from {sums_of(window)} {WHERE} {_by(cut)}", values).fetchone()
    assert row is not None, "aggregates return a row"
    return dict(zip(NAMES, row, strict=True))


def stays_by_window(
    tx: Tx, windows: Sequence[Window], property: str, own: Sequence[str], cut: str = "", value: str = ""
) -> dict[date, Counted]:
    """The same of several windows, by their first days; those in which nothing was are left out."""
    if cut not in CUTS:
        return {}
    query = f"""
        select first, {SUMS} from unnest(%(firsts)s::date[], %(untils)s::date[]) as asked (first, until)
        join {sums_of(*windows)} on day >= asked.first and day < asked.until
        where (%(property)s = '' or property = %(property)s) {_by(cut)} group by first
    """
    limits = {"firsts": [one.first for one in windows], "untils": [one.until for one in windows]}
    rows = tx.execute(query, {**limits, "property": property, "own": list(own), "value": value})
    return {first: dict(zip(NAMES, row, strict=True)) for first, *row in rows}


def revenue_in(tx: Tx, window: Window, property: str, cut: str = "", value: str = "") -> list[Revenue]:
    """By hotel and currency as stated (empty: the hotel's); nothing by a cut that days do not know."""
    if cut not in CUTS:
        return []
    query = f"select {REVENUE} from {sums_of(window)} {WHERE} {_by(cut)} {BY_CURRENCY}"
    return tx.rows(Revenue, query, {**_days(window, property), "value": value})


def sent_in(tx: Tx, since: datetime, until: datetime, property: str) -> list[Sent]:
    """Messages with offers that were sent. Whole days (UTC) are read as
    they were added up, of the first and the last the messages."""
    return sent_by_window(tx, [(since, until)], property)[0]


def sent_by_window(tx: Tx, limits: Sequence[tuple[datetime, datetime]], property: str) -> list[list[Sent]]:
    """The same of several windows, in their order."""
    whole = [_midnight(since) if _midnight(since) == since else _midnight(since) + A_DAY for since, _ in limits]
    values = {
        "property": property,
        "purpose": Purpose.MARKETING,
        "since": [since for since, _ in limits],
        "until": [until for _, until in limits],
        "first": whole,
        "after": [max(first, _midnight(until)) for first, (_, until) in zip(whole, limits, strict=True)],
    }
    found: list[list[Sent]] = [[] for _ in limits]
    for place, *sums in tx.execute(SENT, values):
        found[place - 1].append(Sent(*sums))
    return found


def _midnight(instant: datetime) -> datetime:
    """Of its day (UTC)."""
    return datetime.combine(instant.astimezone(UTC).date(), MIDNIGHT)


def _days(window: Window, property: str) -> dict[str, object]:
    return {"first": window.first, "until": window.until, "property": property}


def _by(cut: str) -> str:
    return f"and {cut} = %(value)s" if cut else ""


SENT = """
    select place, channel, currency, sum(messages)::int as messages, sum(cost) as cost
    from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[], %(first)s::timestamptz[], %(after)s::timestamptz[])
        with ordinality as asked (since, until, first, after, place)
    cross join lateral (
        select channel, currency, sum(messages) as messages, sum(cost) as cost from message_day
        where day >= (asked.first at time zone 'UTC')::date and day < (asked.after at time zone 'UTC')::date
            and purpose = %(purpose)s and (%(property)s = '' or property = %(property)s)
        group by channel, currency
        union all
        select coalesce(channel, ''), case when cost is null then '' else coalesce(currency, '') end, count(*),
            coalesce(sum(cost), 0)
        from message_seen
        where purpose = %(purpose)s and (%(property)s = '' or property = %(property)s)
            and (
                (sent_at >= asked.since and sent_at < least(asked.first, asked.until))
                or (sent_at >= asked.after and sent_at < asked.until)
            )
        group by 1, 2
    ) as parts
    group by place, channel, currency having sum(messages) <> 0 order by place, channel, currency
"""
WHERE = "where day >= %(first)s and day < %(until)s and (%(property)s = '' or property = %(property)s)"
NAMES = ("bookings", "lead_days", "arrivals", "cancelled", "stays", "nights", "direct", "of_known_channel")
SUMS = """
    coalesce(sum(bookings), 0)::int, coalesce(sum(lead_days), 0)::int, coalesce(sum(arrivals), 0)::int,
    coalesce(sum(cancelled), 0)::int, coalesce(sum(stays), 0)::int, coalesce(sum(nights), 0)::int,
    coalesce(sum(stays) filter (where channel = any(%(own)s::text[])), 0)::int,
    coalesce(sum(stays) filter (where channel <> ''), 0)::int
"""
REVENUE = "property, currency, sum(priced)::int as stays, sum(revenue) as revenue"
BY_CURRENCY = "group by property, currency having sum(priced) <> 0 order by revenue desc, property, currency"
