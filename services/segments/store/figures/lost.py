"""The statement that counts who was lost, by traits: of the guests of a window's one before, and where they left it."""

from __future__ import annotations

from collections.abc import Collection

from services.segments.facts.families.contact import reachable_sql
from services.segments.rules.bands import band_sql
from services.segments.store.figures.alone import ALONE, and_at_none, at_each, joined
from services.segments.store.figures.visits import STAYED, complained
from shared.vocabulary.channel import Channel

BY_OTHERS = "spend"
"""The trait that tells how a guest stands among the others."""
QUARTERS = ("1", "2", "3", "4")
"""Of spend: from the quarter of the guests who spent least to that of those who spent most."""
TRAIT_SQL = {
    "channel": "last.channel",
    "market": "last.market",
    "country": "last.country",
    "region": "last.region",
    "age": band_sql("age", "extract(year from age(%(first)s::date, last.birth_date))::int"),
    "spend": "coalesce((1 + width_bucket(last.spend{here}, borders{here}.least))::text, '')",
    "nights": band_sql("nights", "last.nights"),
    "lead": band_sql("lead", "greatest(last.lead_days, 0)"),
    "visit": "case when known{here}.guest_id is null then 'first' else 'again' end",
    "complained": "case when complained{here}.guest_id is null then 'no' else 'yes' end",
    "email": f"case when {reachable_sql(Channel.EMAIL)} then 'yes' else 'no' end",
}
"""By trait what its value is; empty where it is not known. `{{here}}`: of the hotel of a guest's only stay."""
AT_HOTELS = ("spend", "visit", "complained")
"""Traits that are others at a hotel than anywhere."""
_GUEST = "(property, guest_id)"
_ALONE = {
    "spend": """
        left join borders on borders.hotel = ''
        left join borders as borders_here on borders_here.hotel = property
    """,
    "visit": joined("known", "known_here"),
    "complained": joined("complained", "complained"),
}
_AT = {
    "spend": "left join borders on borders.hotel = last.property",
    "visit": f"left join known using {_GUEST}",
    "complained": f"left join complained using {_GUEST}",
}
"""What a trait needs beside a guest's stay: of one who has no other, and of a guest at a place."""
_REACHED = "left join (select *, %(today)s::date as today from guest_facts) as p using (guest_id)"
TOGETHER = (
    ("channel", "market", "visit", "complained", "email"),
    ("country", "region"),
    ("age", "spend", "nights", "lead"),
)
"""Traits that are counted in one go: guests who are alike in all of them are few thousands of groups at most."""


def lost_sql(traits: Collection[str], whose: str = "true") -> str:
    """`by_trait`: the guests who are `whose`, whether they were lost, and what they were by each of these traits;
    `counted`: how many, by trait and value."""
    columns = ["is_lost", *(f"of_{trait}" for trait in traits)]
    here = {"is_lost": "is_lost_here"} | {f"of_{one}": f"of_{one}_here" for one in AT_HOTELS if one in traits}
    values = "".join(f", ('{trait}', of_{trait})" for trait in traits)
    return f"""
        {_tables(whose)}
        lone as materialized ({_lone(traits)}),
        several as materialized ({_several(traits)}),
        guests as (
            select guest_id, at.* from {at_each("lone", columns, here)}
            union all select guest_id, property, {", ".join(columns)} from several
        ),
        by_trait as (
            select property, guest_id, is_lost, by.trait, by.value from guests
            cross join lateral (values ('', '') {values}) as by (trait, value)
        ),
        alike as (
            select at.*, everybody, guests from {at_each(_alike("lone", traits, here.values()), columns, here)}
            union all select property, {", ".join(columns)}, everybody, guests from {_alike("several", traits)}
        ),
        counted as (
            select property, trait, value, sum(guests)::int as before,
                coalesce(sum(guests) filter (where is_lost), 0)::int as lost
            from alike cross join lateral (values ('', everybody) {values}) as by (trait, value)
            where value is not null and (%(at)s::text is null or property = %(at)s)
            group by property, trait, value
        )
    """


def _tables(whose: str) -> str:
    """Stays of the window before, of the hotel `at` alone, or of all; what no trait asks for is not worked out."""
    return f"""
    with earlier as materialized (
        select guest_id, property, checked_out_on, arrival, stay.id, coalesce(channel, '') as channel,
            coalesce(market_segment, '') as market, nights, lead_days, amount, reported,
            coalesce(guest.country, '') as country, coalesce(guest.region, '') as region, guest.birth_date, {ALONE}
        from stay join guest on guest.id = guest_id
        where {STAYED} and checked_out_on >= %(before)s::date and checked_out_on < %(first)s::date and {whose}
            and (coalesce(%(at)s::text, '') = '' or property = %(at)s)
    ),
    placed as materialized (
        select guest_id, at.property, at.amount, checked_out_on, arrival, id, channel, market, nights, lead_days,
            country, region, birth_date
        from earlier cross join lateral (values (property, amount), ('', reported)) as at (property, amount)
        where not alone
    ),
    spent as materialized (select property, guest_id, sum(amount) as spend from placed group by property, guest_id),
    borders as materialized ({BORDERS}),
    came_here as materialized (
        select distinct property, guest_id from stay
        where {STAYED} and checked_out_on >= %(first)s::date and checked_out_on < %(until)s::date and {whose}
    ),
    came as materialized ({and_at_none("came_here")}),
    known_here as materialized (
        select distinct property, guest_id from stay
        where {STAYED} and checked_out_on < %(before)s::date and guest_id in (select guest_id from earlier)
    ),
    known as materialized ({and_at_none("known_here")}),
    complained as materialized ({complained("%(before)s", "%(first)s")}),
    """


BORDERS = """
    select property as hotel, array_remove(array[
        min(spend) filter (where quarter >= 1), min(spend) filter (where quarter >= 2),
        min(spend) filter (where quarter >= 3)
    ], null) as least
    from (
        select property, spend, 4 * (sum(guests) over before_it - guests)
            / nullif(sum(guests) over (partition by property) - 1, 0) as quarter
        from (
            select property, spend, count(*) as guests
            from (
                select property, amount as spend from earlier where alone
                union all select '', reported from earlier where alone
                union all select property, spend from spent
            ) as each
            where spend is not null group by property, spend
        ) as alike
        window before_it as (partition by property order by spend)
    ) as ranked
    group by property
"""
"""By hotel (empty: all) what a guest spends at least in the second, third and last quarter: as `percent_rank` has it,
but whoever spent the same is looked at once."""


def _lone(traits: Collection[str]) -> str:
    """Guests of one stay, with what they are at its hotel and anywhere."""
    columns = [f"{_of(trait)} as of_{trait}" for trait in traits]
    columns += [f"{_of(trait, '_here')} as of_{trait}_here" for trait in AT_HOTELS if trait in traits]
    joins = [join for trait, join in _ALONE.items() if trait in traits]
    return f"""
        select property, guest_id, came.guest_id is null as is_lost, came_here.guest_id is null as is_lost_here
            {"".join(f", {column}" for column in columns)}
        from (select *, reported as spend, amount as spend_here from earlier where alone) as last
        {joined("came", "came_here")} {" ".join(joins)} {_REACHED if "email" in traits else ""}
    """


def _several(traits: Collection[str]) -> str:
    """Guests of more stays than one, at each hotel and at none, as they were at the last of these."""
    joins = [join for trait, join in _AT.items() if trait in traits]
    return f"""
        select property, guest_id, came.guest_id is null as is_lost
            {"".join(f", {_of(trait)} as of_{trait}" for trait in traits)}
        from (
            select distinct on (guest_id, property) placed.*, spent.spend
            from placed left join spent using {_GUEST}
            order by guest_id, property, checked_out_on desc, arrival desc, id desc
        ) as last
        left join came using {_GUEST}
        {" ".join(joins)} {_REACHED if "email" in traits else ""}
    """


def _of(trait: str, here: str = "") -> str:
    return TRAIT_SQL[trait].replace("{here}", here)


def _alike(guests: str, traits: Collection[str], here: Collection[str] = ()) -> str:
    """Guests added up who are alike in traits that are counted together; `everybody` where it is in none."""
    apart = [column for column in here if column == "is_lost_here"]
    groups = [[f"of_{trait}" for trait in group if trait in traits] for group in TOGETHER]
    groups = [[*group, *(f"{one}_here" for one in group if f"{one}_here" in here)] for group in groups if group]
    common = ", ".join(["property", "is_lost", *apart])
    sets = "".join(f", ({common}, {', '.join(group)})" for group in groups)
    of_traits = [column for group in groups for column in group]
    is_all = f"grouping({', '.join(of_traits)}) = {2 ** len(of_traits) - 1}" if of_traits else "true"
    return f"""(
        select {common} {"".join(f", {column}" for column in of_traits)}, case when {is_all} then '' end as everybody,
            count(*) as guests
        from {guests} group by grouping sets (({common}){sets})
    ) as alike"""
