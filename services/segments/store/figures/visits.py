"""Visits, the same for everything that counts guests by when they came: stays of one hotel that touch are one.

A visit counts on the day on which its first stay ended, in the hotel's days. Each stands here twice: at its hotel, and
at no hotel (empty), where a guest's visits to all hotels are counted through.
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


def visits(whose: str = "true") -> str:
    """The visits of guests who are `whose`: `property`, `guest_id`, `day`, `market`, `channel`; `place`: which visit of
    theirs it is, from 1; `first`, `before`, `next`: the day of the first one, of the one before it and after it."""
    return f"""
        select property, guest_id, day, market, channel, row_number() over visits as place,
            first_value(day) over visits as first, lag(day) over visits as before, lead(day) over visits as next
        from (
            select at.property, guest_id, checked_out_on as day, coalesce(market_segment, '') as market,
                coalesce(channel, '') as channel, arrival, id
            from ({staying(whose)}) as staying
            cross join lateral (values (property), ('')) as at (property)
            where begins
        ) as begun
        window visits as (partition by property, guest_id order by day, arrival, id)
    """
