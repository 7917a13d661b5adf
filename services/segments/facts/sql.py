"""Where a fact's value lies in SQL: fragments over `p` (a guest's facts today), `s` (a stay) and `a` (today, its year).

The values that rules give are quoted elsewhere (`store/compile.py`); a fragment holds constants only, and doubles its
per cent signs, since psycopg reads the statement's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PARTY = """
    case when {of}.children > 0 then 'family' when {of}.adults = 1 then 'single' when {of}.adults = 2 then 'couple'
        when {of}.adults > 2 then 'group' end
"""
COMPANIONS = """
    greatest(
        case when {of}.adults > 0 or {of}.children > 0
            then greatest({of}.adults, 1) + coalesce({of}.children, 0) - 1 end,
        cardinality(string_to_array({of}.companions, E'\\n'))
    )
"""
"""With how many others: by the numbers that a reservation says or the names that it gives, whichever are more; null
where it says neither."""
WEEKDAY = "extract(isodow from {of}.arrival)::int::text"
ALONG = f"case when {COMPANIONS} > 0 then 'others' when {COMPANIONS} = 0 then 'alone' end"
OF_STAY = {"party": PARTY, "along": ALONG, "weekday": WEEKDAY}
COMPUTED = {name: f"({computed.format(of='s')})" for name, computed in OF_STAY.items()}
"""What of a stay is no column of its own."""
TOOK_PLACE = "s.status = 'checked_out' and not s.muted"


@dataclass(frozen=True)
class Gathered:
    """An aggregate over some of a guest's stays. `day`: what a window looks at. `value`: of its `{column}`.
    `of_one_hotel`: the aggregate where the stays of a single hotel are meant, if it is another one."""

    aggregate: str
    stays: str
    day: str
    value: str = "coalesce({column}, 0)"
    of_one_hotel: str = ""


@dataclass(frozen=True)
class Sql:
    """`value`: over `p`, of all stays; null where it is missing. `by_channel`: the same for a fact of a channel.

    `gathered`: where only some stays are meant. `today`: worked out once a guest from `f` (the stored facts) and `a`,
    as a column of `p` under the fact's name. `average`: it reads `p.average`, the mean spend at the last property.
    `held`: for how many days somebody has been in the segment `{key}`. `of_date`: the value by the house's own date
    `{key}`, where `{between}` tells which days of it count. `of_journey`: the value by the journey `{key}`.
    """

    value: str = ""
    by_channel: Mapping[str, str] = field(default_factory=dict)
    gathered: Gathered | None = None
    today: str = ""
    average: bool = False
    held: str = ""
    of_date: str = ""
    of_journey: str = ""


def stored(column: str, gathered: Gathered | None = None) -> Sql:
    """A column of `guest_facts` as it is."""
    return Sql(f"p.{column}", gathered=gathered)
