"""The statement that counts a window's guests by hotel and cut.

A guest of one stay counts once for each cut of that stay, at its hotel and at none: those are added up while they are
alike. Only of guests with several is each first made one, at each hotel and for each value of a cut that their stays
had. Most guests of a window have one stay: to make rows of all of them for every cut took most of a night.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.segments.facts.families.contact import reachable_sql
from services.segments.store.figures.alone import ALONE, and_at_none, at_each, joined
from services.segments.store.figures.visits import STAYED, complained
from shared.vocabulary.channel import Channel

SEGMENT = "segment"
CUTS = ("", "market", "channel", "country", SEGMENT)
"""Everybody; by what a stay was, by the guest's country today; by each segment that they are in today."""
CHANNELS = tuple(Channel)
OF_NOW = ("guests", "known", "again", "complained", *CHANNELS, "stays", "visits", "nights", "unpriced", "spend")
"""Numbers of a window's guests; what is true or false of a guest is 1 or 0."""
OF_THEN = ("before", "retained")
"""Numbers of the guests of the window before."""
HERE_NOW = {name: f"{name}_here" for name in ("known", "complained", "unpriced", "spend")}
HERE_THEN = {"retained": "retained_here"}
"""What is another number at a stay's hotel than anywhere: the column that has it."""


def counted_sql(cuts: Collection[str], whose: str = "true") -> str:
    """`guests` and `came_before`: who came in a window and in the one before, at a hotel (empty: at any), for a value
    of a cut; `counted`: their numbers. Of guests who are `whose` alone; by segment nobody is listed."""
    columns = [cut for cut in cuts if cut != SEGMENT]
    return f"""
    with hotel as (select * from unnest(%(codes)s::text[], %(currencies)s::text[]) as known (property, currency)),
    stays as materialized ({_left("%(first)s", "%(until)s", whose)}),
    earlier as materialized ({_left("%(before)s", "%(first)s", whose)}),
    came_here as materialized (select distinct property, guest_id from stays),
    came as materialized ({and_at_none("came_here")}),
    known_here as materialized ({KNOWN_HERE}),
    known as materialized ({and_at_none("known_here")}),
    complained as materialized ({complained("%(first)s", "%(until)s")}),
    lone as materialized ({LONE}),
    several as materialized ({_several(columns)}),
    lone_before as materialized ({LONE_BEFORE}),
    several_before as materialized ({_several_before(columns)}),
    guests as (
        select guest_id, {_named(OF_NOW)} {_each("lone", OF_NOW, HERE_NOW, columns)} union all select * from several
    ),
    came_before as (
        select guest_id, {_named(OF_THEN)} {_each("lone_before", OF_THEN, HERE_THEN, columns)}
        union all select * from several_before
    ),
    now as ({_summed("lone", "several", OF_NOW, HERE_NOW, cuts)}),
    then_ as ({_summed("lone_before", "several_before", OF_THEN, HERE_THEN, cuts)}),
    counted as (
        select property, cut, value, coalesce(spend, 0) as spend, coalesce(hotel.currency, '') as currency,
            {", ".join(f"coalesce({name}, 0)::int as {name}" for name in (*OF_NOW[:-1], *OF_THEN))}
        from now full join then_ using (property, cut, value) left join hotel using (property)
    )
    """


def _left(first: str, until: str, whose: str) -> str:
    """Stays that ended in these days. `begins`: none of the guest's stays here touches it from before; `alone`: the
    guest has no other here or anywhere."""
    return f"""
        select stay.id, guest_id, property, coalesce(market_segment, '') as market, coalesce(channel, '') as channel,
            coalesce(guest.country, '') as country, nights, amount, reported,
            arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, stay.id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins,
            {ALONE}
        from stay join guest on guest.id = guest_id
        where {STAYED} and checked_out_on >= {first}::date and checked_out_on < {until}::date and {whose}
    """


KNOWN_HERE = f"""
    select distinct property, guest_id from stay
    where {STAYED} and checked_out_on < %(first)s::date and guest_id in (select guest_id from came_here)
"""
REACHED = f"""
    left join (
        select guest_id, {", ".join(f"{reachable_sql(channel)} as {channel}" for channel in CHANNELS)}
        from (select *, %(today)s::date as today from guest_facts) as p
    ) as reached using (guest_id)
"""
IS_REACHED = ", ".join(f"coalesce({channel}, false)::int as {channel}" for channel in CHANNELS)
LONE = f"""
    select guest_id, property, market, stays.channel, country, 1 as guests, 0 as again, {IS_REACHED}, 1 as stays,
        begins::int as visits, nights, (known.guest_id is not null)::int as known,
        (known_here.guest_id is not null)::int as known_here, (complained.guest_id is not null)::int as complained,
        (complained_here.guest_id is not null)::int as complained_here, (reported is null)::int as unpriced,
        (amount is null)::int as unpriced_here, coalesce(reported, 0) as spend, coalesce(amount, 0) as spend_here
    from stays
    {joined("known", "known_here")} {joined("complained", "complained")} {REACHED}
    where alone
"""
LONE_BEFORE = f"""
    select guest_id, property, market, channel, country, 1 as before, (came.guest_id is not null)::int as retained,
        (came_here.guest_id is not null)::int as retained_here
    from earlier {joined("came", "came_here")} where alone
"""
IN_SEGMENTS = """
    join membership using (guest_id) cross join unnest(membership.segments) as listed (number)
    join segment on segment.number = listed.number and segment.retired_at is null and not segment.private
"""


def _several(columns: Sequence[str]) -> str:
    """Guests of more stays than one, each once at a hotel and for a value of a cut."""
    return f"""
        select guest_id, property, cut, value, 1 as guests, (known.guest_id is not null)::int as known,
            (visits > 1)::int as again, (complained.guest_id is not null)::int as complained, {IS_REACHED}, stays,
            visits, nights, unpriced, spend
        from (
            select guest_id, {_cut(columns)}, count(*) as stays, count(*) filter (where begins) as visits,
                sum(nights) as nights,
                count(*) - case when grouping(property) = 1 then count(reported) else count(amount) end as unpriced,
                coalesce(case when grouping(property) = 1 then sum(reported) else sum(amount) end, 0) as spend
            from stays where not alone {_by_cut(columns)}
        ) as stayed
        left join known using (guest_id, property)
        left join complained using (guest_id, property)
        {REACHED}
    """


def _several_before(columns: Sequence[str]) -> str:
    return f"""
        select guest_id, property, cut, value, 1 as before, (came.guest_id is not null)::int as retained
        from (select guest_id, {_cut(columns)} from earlier where not alone {_by_cut(columns)}) as stayed
        left join came using (guest_id, property)
    """


def _by_cut(columns: Sequence[str]) -> str:
    """A guest once at their hotel and once at none, for everybody and for each value of a cut that their stays had."""
    cuts = [f", {column}" if column else "" for column in columns]
    return f"group by grouping sets ({', '.join(f'(guest_id, property{cut}), (guest_id{cut})' for cut in cuts)})"


def _cut(columns: Sequence[str]) -> str:
    """What a row of `_by_cut` is of: `property` (empty: all hotels), `cut`, `value`."""
    cuts = [column for column in columns if column]
    named = " ".join(f"when grouping({column}) = 0 then '{column}'" for column in cuts)
    return f"""
        coalesce(property, '') as property, {f"case {named} else '' end" if cuts else "''"} as cut,
        {f"coalesce({', '.join(cuts)}, '')" if cuts else "''"} as value
    """


def _summed(lone: str, several: str, numbers: Sequence[str], here: Mapping[str, str], cuts: Collection[str]) -> str:
    """All guests added up by hotel and cut; everybody once more by each segment they are in."""
    sums = ", ".join(f"sum({name}) as {name}" for name in (*numbers, *here.values()))
    alike = f"(select property, market, channel, country, {sums} from {lone} group by 1, 2, 3, 4) as alike"
    parts = [
        f"select {_named(numbers)} {_each(alike, numbers, here, [cut for cut in cuts if cut != SEGMENT])}",
        f"select property, cut, value, {', '.join(numbers)} from {several}",
    ]
    if SEGMENT in cuts:
        alike = f"(select property, segment.key as segment, {sums} from {lone} {IN_SEGMENTS} group by 1, 2) as alike"
        each = f"select property, '{SEGMENT}', segment.key, {', '.join(numbers)} from {several}"
        parts += [
            f"select {_named(numbers)} {_each(alike, numbers, here, [SEGMENT])}",
            f"{each} {IN_SEGMENTS} where cut = ''",
        ]
    return f"""
        select property, cut, value, {", ".join(f"sum({name}) as {name}" for name in numbers)}
        from ({" union all ".join(parts)}) as parts group by property, cut, value
    """


def _named(numbers: Sequence[str]) -> str:
    """What is taken of `_each`."""
    return ", ".join(["at.property", "of.cut", "of.value", *(f"at.{name}" for name in numbers)])


def _each(lone: str, numbers: Sequence[str], here: Mapping[str, str], columns: Sequence[str]) -> str:
    """Guests of one stay, or sums of such, once at the hotel of the stay and once at none, and for each cut."""
    values = ", ".join(f"('{column}', {column})" if column else "('', '')" for column in columns)
    return f"from {at_each(lone, numbers, here)} cross join lateral (values {values}) as of (cut, value)"
