"""Stays of three periods, told apart by hotel, channel and market: from the sums of days."""

from __future__ import annotations

from collections.abc import Sequence

from services.console.queries.key_figures import sums_of
from services.console.rules.figures.changes import Count, Place
from shared.database.pool import Tx
from shared.vocabulary.window import Window


def stays_of(tx: Tx, windows: Sequence[Window], property: str) -> tuple[Count, dict[tuple[Place, str], Count]]:
    """All of them, and by place and value. `windows`: the period, the one before, the one a year before."""
    now, previous, year = windows
    values: dict[str, object] = {"property": property}
    for name, window in (("now", now), ("previous", previous), ("year", year)):
        values |= {f"{name}_first": window.first, f"{name}_until": window.until}
    whole = Count(0, 0, 0)
    found: dict[tuple[Place, str], Count] = {}
    for place, value, *counts in tx.execute(STAYS.format(sums=sums_of(*windows)), values):
        if place is None:
            whole = Count(*counts)
        else:
            found[Place(place), value] = Count(*counts)
    return whole, found


def _of(name: str) -> str:
    return f"day >= %({name}_first)s and day < %({name}_until)s"


SUMS = ", ".join(f"coalesce(sum(stays) filter (where {_of(name)}), 0)::int" for name in ("now", "previous", "year"))
STAYS = f"""
    select case when grouping(property) = 0 then 'hotel' when grouping(channel) = 0 then 'channel'
                when grouping(market) = 0 then 'market' end,
        coalesce(property, channel, market, ''), {SUMS}
    from {{sums}}
    where ({_of("now")} or {_of("previous")} or {_of("year")}) and (%(property)s = '' or property = %(property)s)
    group by grouping sets ((property), (channel), (market), ()) order by 1, 2
"""


def course_of(tx: Tx, windows: Sequence[Window], property: str) -> list[int]:
    """Stays that ended in each window, in their order."""
    query = f"""
        select coalesce(sum(stays), 0)::int
        from unnest(%(firsts)s::date[], %(untils)s::date[]) with ordinality as asked (first, until, place)
        left join {sums_of(*windows)} on day >= first and day < until and (%(property)s = '' or property = %(property)s)
        group by place order by place
    """
    limits = {"firsts": [one.first for one in windows], "untils": [one.until for one in windows]}
    return [count for (count,) in tx.execute(query, {**limits, "property": property})]
