"""Cohorts and new guests, counted anew for all hotels at once: one pass over the visits."""

from __future__ import annotations

from datetime import date, datetime

from services.segments.rules.figures import RIPE_AFTER, oldest
from services.segments.store.figures.visits import visits
from shared.database.pool import Tx
from shared.vocabulary.window import Span

CUTS = ("", "market", "channel", "country")


def keep_cohorts(tx: Tx, today: date, now: datetime) -> None:
    """`today`: from it is told who came first a year ago or more."""
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
MONTH = "(12 * extract(year from {0}) + extract(month from {0}) - 1)::int"
KEEP = f"""
    with visit as materialized ({visits()}),
    once as (
        select span, property, {MONTH.format("first")} / months as cohort, {MONTH.format("day")} / months as period,
            guest_id, months, bool_or(place = 2) as is_second
        from visit cross join unnest(%(spans)s::text[], %(months)s::int[]) as spans (span, months)
        where first >= %(oldest)s
        group by span, property, cohort, period, guest_id, months
    ),
    cohorts as (
        insert into cohort_figure (span, property, first, after, came, again)
        select span, property, make_date(cohort * months / 12, cohort * months %% 12 + 1, 1), period - cohort, count(*),
            count(*) filter (where is_second)
        from once group by span, property, cohort, period, months
    )
    insert into new_guest_figure (property, cut, value, month, guests, ripe, again)
    select property, cut, value, date_trunc('month', first)::date, {SUMS}
    from ({NEW}) as new
    where first >= %(oldest)s
    group by property, cut, value, date_trunc('month', first)
"""
