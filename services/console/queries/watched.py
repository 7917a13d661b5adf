"""What is watched, hotel by hotel, as points of a chart: in order of time, the newest last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.console.rules.warnings.control import Point
from services.console.rules.warnings.signals import LOOKED_BACK, WATCHED
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.signal import Signal

KINDS = {
    Signal.COMPLAINTS: "complaint",
    Signal.BOUNCES: "bounce",
    Signal.SPAM: "spam",
    Signal.OPT_OUTS: "opt_out",
}
UNREACHED = frozenset(
    map(
        str,
        (
            *(Reason.DO_NOT_CONTACT, Reason.OBJECTED, Reason.NO_CONTACT_POINT, Reason.MASKED_ADDRESS),
            *(Reason.REFUSED_POINT, Reason.SUPPRESSED, Reason.NO_CONSENT, Reason.OPTED_OUT),
        ),
    )
)
"""Why a guest may not or cannot be written to, for longer than today."""
Series = Mapping[str, list[Point]]
"""Points by hotel."""


@dataclass(frozen=True)
class Quiet:
    """A hotel's days with a booking, of how many days before the last of them, and the days since."""

    property: str
    active: int
    days: int
    silent: int


def series_of(tx: Tx, signal: Signal, yesterday: date) -> Series:
    """The newest point ends yesterday."""
    kind = WATCHED[signal]
    values = {
        "until": yesterday + timedelta(days=1),
        "days": kind.days,
        "points": kind.points,
        "kind": KINDS.get(signal, "answer"),
        "email": str(Channel.EMAIL),
        "marketing": str(Purpose.MARKETING),
        "unreached": list(UNREACHED),
        "fewest": WATCHED[Signal.NIGHTS].fewest,
    }
    found: dict[str, list[Point]] = {}
    for hotel, part, whole, spread, *told in tx.execute(QUERIES[signal], values):
        if whole:
            known, number = None if spread is None else float(spread), float(told[0]) if told else None
            found.setdefault(hotel, []).append(Point(float(part), float(whole), known, number))
        elif hotel in found:
            found[hotel].append(Point(0, 0))
    return found


def quiet_hotels(tx: Tx, yesterday: date) -> list[Quiet]:
    """Of the days looked back on: a hotel that never booked stands in none."""
    query = """
        with active as (
            select property, day from stay_day where bookings > 0 and day > %(from)s and day <= %(to)s group by 1, 2
        )
        select property, count(*)::int as active, (max(day) - %(from)s::date)::int as days,
            (%(to)s::date - max(day))::int as silent
        from active group by property order by property
    """
    return tx.rows(Quiet, query, {"from": yesterday - timedelta(days=LOOKED_BACK), "to": yesterday})


_BLOCKS = """
    blocks as (
        select place from generate_series(0, %(points)s::int) as place
    ),
    counted as (
        select property, (%(until)s::date - 1 - day) / %(days)s::int as place, count(*) as part, sum(value) as value,
            count(*) filter (where value >= 9) as promoters, count(*) filter (where value <= 6) as detractors
        from signal_seen
        where kind = %(kind)s and value is not null and property <> ''
            and day >= %(until)s::date - (%(points)s::int + 1) * %(days)s::int and day < %(until)s::date
        group by 1, 2
    )
"""
_OF = """
    select hotel.property, coalesce(counted.part, 0), coalesce(whole.whole, 0), null::float8
    from (select distinct property from whole) as hotel cross join blocks
    left join whole on whole.property = hotel.property and whole.place = blocks.place
    left join counted on counted.property = hotel.property and counted.place = blocks.place
    order by hotel.property, blocks.place desc
"""
_WHOLE = """
    whole as (
        select property, (%(until)s::date - 1 - day) / %(days)s::int as place, {0} as whole from {1}
        where day >= %(until)s::date - (%(points)s::int + 1) * %(days)s::int and day < %(until)s::date {2}
        group by 1, 2
    )
"""
_SENT = _WHOLE.format("sum(messages)", "message_day", "and channel = %(email)s and property <> ''")
_OFFERS = _WHOLE.format("sum(messages)", "message_day", "and purpose = %(marketing)s and property <> ''")
_BOOKED = """
    with asked as (
        select place, years, (%(until)s::date - place * %(days)s::int - make_interval(years => years))::date as day
        from generate_series(0, %(points)s::int) as place cross join generate_series(0, 1) as years
    ),
    booked as (
        select asked.place, asked.years, stay.property, {count} as stays, {cluster} as cluster
        from asked join stay_counted stay
            on stay.arrival >= asked.day and stay.arrival < asked.day + %(days)s::int and stay.booked_on < asked.day
        group by 1, 2, 3
    )
"""
_ON_THE_BOOKS = f"""
    {_BOOKED}
    select hotel.property, coalesce(now.stays, 0), coalesce(before.stays, 0),
        (coalesce(now.stays, 0)::float8 / before.stays) * (1 + coalesce(now.stays, 0)::float8 / before.stays)
            * before.cluster
    from (select distinct property from booked) as hotel cross join (select distinct place from asked) as blocks
    left join booked now on now.property = hotel.property and now.place = blocks.place and now.years = 0
    left join booked before on before.property = hotel.property and before.place = blocks.place and before.years = 1
    {{only}}
    order by hotel.property, blocks.place desc
"""
_OCCUPANCY = f"""
    {_BOOKED}
    select property.code, coalesce(now.stays, 0) - before.stays,
        case when before.stays >= %(fewest)s then property.rooms * %(days)s::int else 0 end,
        before.cluster * (coalesce(now.stays, 0) + before.stays)::float8 / (property.rooms * %(days)s::int),
        coalesce(now.stays, 0)
    from property cross join (select distinct place from asked) as blocks
    left join booked now on now.property = property.code and now.place = blocks.place and now.years = 0
    left join booked before on before.property = property.code and before.place = blocks.place and before.years = 1
    where property.rooms is not null
    order by property.code, blocks.place desc
"""
_NIGHTS = "(least(stay.arrival + stay.nights, asked.day + %(days)s::int) - stay.arrival)"
"""Nights come in stays, so chance moves them by more than as many single ones: by their squares over their sum."""
_OF_NIGHTS = {
    "count": f"sum({_NIGHTS})",
    "cluster": f"sum({_NIGHTS} * {_NIGHTS})::float8 / nullif(sum({_NIGHTS}), 0)",
}
QUERIES = {
    Signal.COMPLAINTS: f"with {_BLOCKS}, {_WHOLE.format('sum(stays)', 'stay_day', '')} {_OF}",
    Signal.BOUNCES: f"with {_BLOCKS}, {_SENT} {_OF}",
    Signal.SPAM: f"with {_BLOCKS}, {_SENT} {_OF}",
    Signal.OPT_OUTS: f"with {_BLOCKS}, {_OFFERS} {_OF}",
    Signal.REACH: """
        with blocks as (select place from generate_series(0, %(points)s::int) as place),
        told as (
            select property, (%(until)s::date - 1 - day) / %(days)s::int as place, reason = any(%(unreached)s::text[])
                and state = 'skipped' as is_unreached
            from message_seen
            where purpose = %(marketing)s and property is not null and day < %(until)s::date
                and day >= %(until)s::date - (%(points)s::int + 1) * %(days)s::int
                and (state = 'sent' or (state = 'skipped' and reason = any(%(unreached)s::text[])))
        ), counted as (
            select property, place, count(*) filter (where is_unreached) as part, count(*) as whole from told
            group by 1, 2
        )
        select hotel.property, coalesce(part, 0), coalesce(whole, 0), null::float8
        from (select distinct property from counted) as hotel cross join blocks
        left join counted on counted.property = hotel.property and counted.place = blocks.place
        order by hotel.property, blocks.place desc
    """,
    Signal.NPS: f"""
        with {_BLOCKS}
        select hotel.property, coalesce(promoters - detractors, 0), coalesce(part, 0),
            (promoters + detractors)::float8 / part - ((promoters - detractors)::float8 / part) ^ 2
        from (select distinct property from counted) as hotel cross join blocks
        left join counted on counted.property = hotel.property and counted.place = blocks.place
        order by hotel.property, blocks.place desc
    """,
    Signal.ARRIVALS: _ON_THE_BOOKS.format(count="count(*)", cluster="1", only=""),
    Signal.NIGHTS: _ON_THE_BOOKS.format(
        **_OF_NIGHTS, only="where hotel.property not in (select code from property where rooms is not null)"
    ),
    Signal.OCCUPANCY: _OCCUPANCY.format(**_OF_NIGHTS),
}
