"""What stays come to by day and by month: each new version of a stay takes back what the one before was counted as.

A stay that comes twice counts once, and an older version changes nothing. Of those whose guest is erased the sums stay,
and the row without its guest: what is left of such a stay is told again with the others.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.localtime import local_date

SUMS = (
    *("bookings", "lead_days", "arrivals", "cancelled", "no_shows", "stays", "nights", "priced"),
    "revenue",
)


def count_stays(tx: Tx, chunk: Chunk) -> None:
    """Rows are added, and those that were there locked, in order, so that two who count the same stay wait for each
    other. The same version may come again with more in it than before; what was counted of it is taken back as well."""
    values = values_of(chunk)
    values["fresh"] = [stay for (stay,) in tx.execute(ADD, values)]
    if len(values["fresh"]) < len(set(values["stay_id"])):
        tx.execute(LOCK, values)
    tx.execute(COUNT, values)


def values_of(chunk: Chunk) -> dict[str, list[Any]]:
    """The columns of a chunk of stay events by the names of `stay_counted`. Days are those of each hotel; a muted stay
    counts as booked and not as stayed, as in segments' rules. A stay of an erased guest is nobody's."""
    zones, muted = chunk["zone"], chunk["muted"]
    booked = [_day(at, zone) for at, zone in zip(chunk["booked_at"], zones, strict=True)]
    left = [_day(at, zone) if at else None for at, zone in zip(chunk["checked_out_at"], zones, strict=True)]
    arrivals = map(date.fromisoformat, chunk["arrival"])
    return {
        **{name: chunk[name] for name in ("stay_id", "version", "property", "arrival", "status", "nights")},
        "guest_id": chunk.columns.get("guest_id") or [None] * len(chunk),
        "channel": [text or "" for text in chunk["booking_channel"]],
        "market": [text or "" for text in chunk["market"]],
        "currency": [text or "" for text in chunk["currency"]],
        "revenue": list(chunk["revenue"]),
        "booked_on": booked,
        "left_on": [None if is_muted else day for day, is_muted in zip(left, muted, strict=True)],
        "lead_days": [max((arrival - day).days, 0) for arrival, day in zip(arrivals, booked, strict=True)],
    }


def _day(at: str, zone: str) -> date:
    return local_date(datetime.fromisoformat(at), zone)


NAMES = (
    *("stay_id", "version", "guest_id", "property", "channel", "market", "currency", "booked_on", "arrival", "left_on"),
    *("status", "lead_days", "nights", "revenue"),
)
OF_STAY = ", ".join(f"{{0}}.{name}" for name in NAMES)
TOLD = f"""
    select distinct on (stay_id) *
    from unnest(%(stay_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                %(channel)s::text[], %(market)s::text[], %(currency)s::text[], %(booked_on)s::date[],
                %(arrival)s::date[], %(left_on)s::date[], %(status)s::text[], %(lead_days)s::int[],
                %(nights)s::int[], %(revenue)s::numeric[])
        as new ({", ".join(NAMES)})
    order by stay_id, version desc
"""
ADD = f"insert into stay_counted ({', '.join(NAMES)}) {TOLD} on conflict do nothing returning stay_id"
LOCK = """
    select from stay_counted
    where stay_id = any(%(stay_id)s::uuid[]) and stay_id not in (select unnest(%(fresh)s::uuid[]))
    order by stay_id for update
"""
NOT_NOUGHT = " or ".join(f"coalesce(sum({name}), 0) <> 0" for name in SUMS)
ADDED = f"""
    insert into {{table}} as known (day, property, channel, market, currency, {", ".join(SUMS)})
    select {{day}}, property, channel, market, currency, {", ".join(f"coalesce(sum({name}), 0)" for name in SUMS)}
    from counted group by 1, 2, 3, 4, 5 having {NOT_NOUGHT} order by 1, 2, 3, 4, 5
    on conflict (day, property, channel, market, currency) do update
    set {", ".join(f"{name} = known.{name} + excluded.{name}" for name in SUMS)}
"""
COUNT = f"""
    with told as materialized ({TOLD}),
    fresh as materialized (select unnest(%(fresh)s::uuid[]) as stay_id),
    old as materialized (
        select {OF_STAY.format("kept")} from stay_counted kept join told on told.stay_id = kept.stay_id
        where kept.version <= told.version and kept.stay_id not in (select stay_id from fresh)
    ),
    newer as materialized (select {OF_STAY.format("told")} from told join old on old.stay_id = told.stay_id),
    kept as (
        update stay_counted c
        set version = newer.version, guest_id = newer.guest_id, property = newer.property, channel = newer.channel,
            market = newer.market, currency = newer.currency, booked_on = newer.booked_on, arrival = newer.arrival,
            left_on = newer.left_on, status = newer.status, lead_days = newer.lead_days, nights = newer.nights,
            revenue = newer.revenue
        from newer where newer.stay_id = c.stay_id
    ),
    both_ways as (
        select -1 as sign, {OF_STAY.format("old")} from old where version > 0
        union all
        select 1, {OF_STAY.format("newer")} from newer
        union all
        select 1, {OF_STAY.format("told")} from told join fresh on fresh.stay_id = told.stay_id
    ),
    counted as (
        select d.day, property, channel, market, currency,
            sum(sign * d.bookings) as bookings, sum(sign * d.bookings * lead_days) as lead_days,
            sum(sign * d.arrivals) as arrivals,
            sum(sign * d.arrivals) filter (where status = 'cancelled') as cancelled,
            sum(sign * d.arrivals) filter (where status = 'no_show') as no_shows,
            sum(sign * d.stays) as stays, sum(sign * d.stays * nights) as nights,
            sum(sign * d.stays) filter (where revenue is not null) as priced,
            sum(sign * d.stays * revenue) as revenue
        from both_ways
        cross join lateral (values (booked_on, 1, 0, 0), (arrival, 0, 1, 0), (left_on, 0, 0, 1))
            as d (day, bookings, arrivals, stays)
        where d.day is not null
        group by d.day, property, channel, market, currency
    ),
    months as ({ADDED.format(table="stay_month", day="date_trunc('month', day)::date")})
    {ADDED.format(table="stay_day", day="day")}
"""
