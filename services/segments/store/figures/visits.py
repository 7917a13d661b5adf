"""Visits, the same for everything that counts guests by when they came: stays of one hotel that touch are one.

A visit counts on the day on which its first stay ended, in the hotel's days. It has a place among the guest's visits to
its hotel, and one among all of theirs.
"""

from __future__ import annotations

STAYED = "status = 'checked_out' and not muted"


def staying(whose: str = "true") -> str:
    """All columns of stays of guests who are `whose`, and `begins`: none of the guest's stays there touches it."""
    return f"""
        select *, arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins
        from stay where {STAYED} and {whose}
    """


def complained(first: str, until: str) -> str:
    """Guests who complained of stays that ended in these days, or in these days: at the hotel, and at none (empty)."""
    return f"""
        select distinct at.property, kase.guest_id
        from case_known kase left join stay on stay.id = kase.stay_id
        cross join lateral (values (coalesce(kase.property, stay.property)), ('')) as at (property)
        where kase.kind = 'complaint' and coalesce(stay.checked_out_on, kase.opened_on) >= {first}::date
            and coalesce(stay.checked_out_on, kase.opened_on) < {until}::date
    """


def visits(whose: str = "true", when: str = "day") -> str:
    """The visits of guests who are `whose`, each once: `guest_id`, `hotel`, `day`, `month` (whole months since the year
    0), `market`, `channel`, and what `PLACED` makes two rows of. `when`: what is told of the first visit and the one
    before, its `day` or its `month`; of the next one it is the day."""
    return f"""
        select guest_id, hotel, day, month, market, channel,
            row_number() over here as place_here, first_value({when}) over here as first_here,
            lag({when}) over here as before_here, lead(day) over here as next_here,
            row_number() over anywhere as place_of_all, first_value({when}) over anywhere as first_of_all,
            lag({when}) over anywhere as before_of_all, lead(day) over anywhere as next_of_all
        from (
            select guest_id, property as hotel, checked_out_on as day,
                (12 * date_part('year', checked_out_on) + date_part('month', checked_out_on) - 1)::int as month,
                coalesce(market_segment, '') as market, coalesce(channel, '') as channel, arrival, id
            from ({staying(whose)}) as staying
            where begins
        ) as begun
        window here as (partition by guest_id, hotel order by day, arrival, id rows unbounded preceding),
            anywhere as (partition by guest_id order by day, arrival, id rows unbounded preceding)
    """


PLACED = """
    cross join lateral (values (hotel, place_here, first_here, before_here, next_here),
        ('', place_of_all, first_of_all, before_of_all, next_of_all)) as placed (property, place, first, before, next)
"""
"""A visit twice: at its hotel, and at no hotel (empty), where a guest's visits to all are counted through. `place`:
which visit of theirs it is, from 1; `first`, `before`, `next`: when the first one was, the one before and after.
Both are counted from one order of a guest's visits: to sort every visit twice took most of a night."""
FIRST = """(
    select guest_id, hotel as property, day, month, next_here as next, market, channel from visit where place_here = 1
    union all
    select guest_id, '', day, month, next_of_all, market, channel from visit where place_of_all = 1
) as first"""
"""The first visits of guests to a hotel, and those to any (empty)."""
