"""Who was lost: of the guests who left in the window before, those who did not leave in this one again; by traits.

Each guest has one value of a trait, as they were in the window before: how they came the last time, what they spent in
it, how old they were. A hotel asks for its own guests, coming back to it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from services.segments.facts.families.contact import reachable_sql
from services.segments.rules.bands import band_sql
from services.segments.store.figures.visits import STAYED, complained
from services.segments.store.figures.whole import MEMORY
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.window import Span, Window

BY_OTHERS = "spend"
"""The trait that tells how a guest stands among the others."""
QUARTERS = ("1", "2", "3", "4")
"""Of spend: from the quarter of the guests who spent least to that of those who spent most."""


def keep_churn(tx: Tx, span: Span, window: Window, today: date) -> None:
    values = {**values_of(window, today), "span": span}
    tx.execute(MEMORY)
    tx.execute("delete from churn_figure where span = %(span)s and first = %(first)s", values)
    tx.execute(
        f"{LOST} insert into churn_figure (span, first, property, trait, value, before, lost) "
        f"select %(span)s, %(first)s, property, trait, value, before, lost from counted",
        values,
    )


def count_churn(tx: Tx, window: Window, today: date, property: str) -> list[tuple[str, str, int, int]]:
    """Trait, value, guests, and those lost: on the spot, for any window."""
    values = {**values_of(window, today, property), "property": property}
    query = f"{LOST} select trait, value, before, lost from counted where property = %(property)s order by 1, 3 desc, 2"
    return tx.execute(query, values).fetchall()


def values_of(window: Window, today: date, at: str | None = None) -> dict[str, object]:
    """`today`: consents stand until then. `at`: the hotel alone that is asked about (empty: all); None: each."""
    return {"at": at, "before": window.before, "first": window.first, "until": window.until, "today": today}


TRAIT_SQL = {
    "channel": "coalesce(last.channel, '')",
    "market": "coalesce(last.market_segment, '')",
    "country": "coalesce(guest.country, '')",
    "region": "coalesce(guest.region, '')",
    "age": band_sql("age", "extract(year from age(%(first)s::date, guest.birth_date))::int"),
    "spend": "coalesce(quarter::text, '')",
    "nights": band_sql("nights", "last.nights"),
    "lead": band_sql("lead", "greatest(last.lead_days, 0)"),
    "visit": "case when known.guest_id is null then 'first' else 'again' end",
    "complained": "case when complained.guest_id is null then 'no' else 'yes' end",
    "email": f"case when {reachable_sql(Channel.EMAIL)} then 'yes' else 'no' end",
}
"""By trait what its value is; empty where it is not known."""
_JOINS = {
    "spend": "left join spent using (property, guest_id)",
    "visit": "left join known using (property, guest_id)",
    "complained": "left join complained using (property, guest_id)",
    "email": "left join (select *, %(today)s::date as today from guest_facts) as p using (guest_id)",
}
"""What a trait needs beside the guest and their last stay."""
TOGETHER = (
    ("channel", "market", "visit", "complained", "email"),
    ("country", "region"),
    ("age", "spend", "nights", "lead"),
)
"""Traits that are counted in one go: guests who are alike in all of them are few thousands of groups at most."""
_BEFORE = "checked_out_on >= %(before)s::date and checked_out_on < %(first)s::date"
_NOW = "checked_out_on >= %(first)s::date and checked_out_on < %(until)s::date"
_AT = "cross join lateral (values (property), ('')) as at (property)"


def _tables(whose: str) -> str:
    """Of the hotel `at` alone, or of each and all; those that no trait asks for are not read."""
    return f"""
    with stayed as materialized (
        select at.property, guest_id, checked_out_on, arrival, id, channel, market_segment, nights, lead_days,
            case when at.property = '' then reported else amount end as amount
        from stay {_AT}
        where {STAYED} and {_BEFORE} and {whose} and (%(at)s::text is null or at.property = %(at)s)
    ),
    last as (
        select distinct on (guest_id, property) property, guest_id, channel, market_segment, nights, lead_days
        from stayed order by guest_id, property, checked_out_on desc, arrival desc, id desc
    ),
    spent as (
        select property, guest_id, least(floor(4 * percent_rank() over (partition by property order by spend)) + 1, 4)
            as quarter
        from (select property, guest_id, sum(amount) as spend from stayed group by 1, 2) as sums
        where spend is not null
    ),
    came as (select distinct at.property, guest_id from stay {_AT} where {STAYED} and {_NOW} and {whose}),
    known as (
        select distinct at.property, guest_id from stay {_AT}
        where {STAYED} and checked_out_on < %(before)s::date and guest_id in (select guest_id from stayed)
    ),
    complained as ({complained("%(before)s", "%(first)s")}),
"""


def lost_sql(traits: Collection[str], whose: str = "true") -> str:
    """The guests who are `whose`, whether they were lost, and what they were by these traits."""
    joins = " ".join(join for trait, join in _JOINS.items() if trait in traits)
    columns = "".join(f", {TRAIT_SQL[trait]} as of_{trait}" for trait in traits)
    values = "".join(f", ('{trait}', of_{trait})" for trait in traits)
    groups = [[f"of_{trait}" for trait in group if trait in traits] for group in TOGETHER]
    sets = "".join(f", (property, is_lost, {', '.join(group)})" for group in groups if group)
    of_all = f"grouping({', '.join(f'of_{trait}' for trait in traits)}) = {2 ** len(traits) - 1}" if traits else "true"
    return f"""
        {_tables(whose)}
        guests as materialized (
            select property, guest_id, came.guest_id is null as is_lost {columns}
            from last
            join guest on guest.id = guest_id
            left join came using (property, guest_id)
            {joins}
        ),
        by_trait as (
            select property, guest_id, is_lost, by.trait, by.value from guests
            cross join lateral (values ('', '') {values})
                as by (trait, value)
        ),
        alike as (
            select property, is_lost {"".join(f", of_{trait}" for trait in traits)},
                case when {of_all} then '' end as everybody, count(*) as guests
            from guests group by grouping sets ((property, is_lost){sets})
        ),
        counted as (
            select property, trait, value, sum(guests)::int as before,
                coalesce(sum(guests) filter (where is_lost), 0)::int as lost
            from alike cross join lateral (values ('', everybody) {values}) as by (trait, value)
            where value is not null group by property, trait, value
        )
    """


LOST = lost_sql(TRAIT_SQL)
