"""Cohorts and new guests, counted anew for all hotels at once: one pass over the visits.

A guest's visits stand in the order of their days, so one that is not in the period of the visit before it is the first
of the guest's in that period: guests are counted without being told apart.
"""

from __future__ import annotations

from datetime import date, datetime

from services.segments.rules.figures import RIPE_AFTER, oldest
from services.segments.store.figures.visits import FIRST, visits
from services.segments.store.figures.whole import of_everybody
from shared.database.pool import Tx
from shared.vocabulary.window import Span

CUTS = ("", "market", "channel", "country")


def keep_cohorts(tx: Tx, today: date, now: datetime) -> None:
    """`today`: from it is told who came first a year ago or more."""
    tx.execute("delete from cohort_figure")
    tx.execute("delete from new_guest_figure")
    values = {
        "today": today,
        "oldest": 12 * oldest(today).year + oldest(today).month - 1,
        "ripe_after": RIPE_AFTER.days,
        "spans": [str(span) for span in Span],
        "months": [span.months for span in Span],
    }
    with of_everybody(tx):
        tx.execute(KEEP, values)
    tx.execute("update figure_night set cohorts_at = %s", [now])


RIPE = "day + %(ripe_after)s <= %(today)s::date"
CUT = """
    cross join lateral (values ('', ''), ('market', market), ('channel', channel), ('country', country))
        as by (cut, value)
"""
SUMS = "sum(guests)::int as guests, sum(ripe)::int as ripe, sum(again)::int as again"


def new_guests(when: str) -> str:
    """Guests by their first visit, the day of which is `when`, and by everything that cuts them: each once. The country
    is theirs today."""
    return f"""
        select property, month, market, channel, coalesce(guest.country, '') as country, count(*) as guests,
            count(*) filter (where {RIPE}) as ripe,
            count(*) filter (where {RIPE} and next <= day + %(ripe_after)s) as again
        from {FIRST} join guest on guest.id = guest_id
        where {when}
        group by 1, 2, 3, 4, 5
    """


BY_MONTH = """
    select hotel as property, first_here as first, month, before_here as before, place_here = 2 as is_second,
        count(*) as guests
    from visit group by 1, 2, 3, 4, 5
    union all
    select '', first_of_all, month, before_of_all, place_of_all = 2, count(*) from visit group by 1, 2, 3, 4, 5
"""
KEEP = f"""
    with visit as materialized ({visits(when="month")}),
    by_month as (
        select property, first, month, coalesce(before, -1) as before, is_second, guests from ({BY_MONTH}) as counted
        where first >= %(oldest)s
    ),
    cohorts as (
        insert into cohort_figure (span, property, first, after, came, again)
        select span, property, make_date(first / months * months / 12, first / months * months %% 12 + 1, 1),
            month / months - first / months,
            coalesce(sum(guests) filter (where before < 0 or before / months <> month / months), 0),
            coalesce(sum(guests) filter (where is_second), 0)
        from by_month cross join unnest(%(spans)s::text[], %(months)s::int[]) as spans (span, months)
        group by span, property, first / months, months, month / months - first / months
    )
    insert into new_guest_figure (property, cut, value, month, guests, ripe, again)
    select property, cut, value, make_date(month / 12, month %% 12 + 1, 1), {SUMS}
    from ({new_guests("month >= %(oldest)s")}) as new {CUT}
    group by property, cut, value, month
"""
