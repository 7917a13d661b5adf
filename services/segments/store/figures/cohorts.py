"""Cohorts and new guests, counted anew for all hotels at once: one pass over the visits.

A guest's visits stand in the order of their days, so one that is not in the period of the visit before it is the first
of the guest's in that period: guests are counted without being told apart.
"""

from __future__ import annotations

from datetime import date, datetime

from services.segments.rules.figures import RIPE_AFTER, oldest
from services.segments.store.figures.visits import visits
from shared.database.pool import Tx
from shared.vocabulary.window import Span

CUTS = ("", "market", "channel", "country")


def keep_cohorts(tx: Tx, today: date, now: datetime) -> None:
    """`today`: from it is told who came first a year ago or more."""
    tx.execute(MEMORY)
    tx.execute("delete from cohort_figure")
    tx.execute("delete from new_guest_figure")
    values = {
        "today": today,
        "oldest": oldest(today),
        "ripe_after": RIPE_AFTER.days,
        "spans": [str(span) for span in Span],
        "months": [span.months for span in Span],
    }
    tx.execute(KEEP, values)
    tx.execute("update figure_night set cohorts_at = %s", [now])


MEMORY = "set local work_mem = '128MB'"  # all visits are sorted
NEW = """
    select property, by.cut, by.value, first, next
    from visit join guest on guest.id = guest_id
    cross join lateral (values ('', ''), ('market', market), ('channel', channel),
        ('country', coalesce(guest.country, ''))) as by (cut, value)
    where place = 1
"""
"""A guest stands at each cut once, by their first visit; the country is theirs today."""
RIPE = "first + %(ripe_after)s <= %(today)s::date"
SUMS = f"""
    count(*) as guests, count(*) filter (where {RIPE}) as ripe,
    count(*) filter (where {RIPE} and next <= first + %(ripe_after)s) as again
"""
MONTH = "(12 * extract(year from {0})::int + extract(month from {0})::int - 1)"
KEEP = f"""
    with visit as materialized ({visits()}),
    by_month as (
        select property, {MONTH.format("first")} as first, {MONTH.format("day")} as month,
            coalesce({MONTH.format("before")}, -1) as before, place = 2 as is_second, count(*) as guests
        from visit where first >= %(oldest)s group by 1, 2, 3, 4, 5
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
    select property, cut, value, date_trunc('month', first)::date, {SUMS}
    from ({NEW}) as new
    where first >= %(oldest)s
    group by property, cut, value, date_trunc('month', first)
"""
