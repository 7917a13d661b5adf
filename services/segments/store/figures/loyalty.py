"""How often guests came, and which tier they have: all who ever stayed, counted anew."""

from __future__ import annotations

from services.segments.rules.bands import band_sql
from services.segments.store.figures.visits import staying
from services.segments.store.figures.whole import of_everybody
from shared.database.pool import Tx


def keep_loyalty(tx: Tx) -> None:
    tx.execute("delete from loyalty_figure")
    with of_everybody(tx):
        tx.execute(KEEP)


KEEP = f"""
    with held as (
        select coalesce(property, '') as property, guest_id, count(*) filter (where begins)::int as visits,
            sum(nights) as nights, case when grouping(property) = 1 then sum(reported) else sum(amount) end as spend,
            count(*) - case when grouping(property) = 1 then count(reported) else count(amount) end as unpriced
        from ({staying()}) as staying
        group by grouping sets ((guest_id, property), (guest_id))
    ),
    alike as (
        select property, {band_sql("visits", "visits")} as visits, coalesce(guest.tier, '') as tier, count(*) as guests,
            sum(visits) as times, sum(nights) as nights, sum(spend) as spend, sum(unpriced) as unpriced
        from held join guest on guest.id = guest_id
        group by 1, 2, 3
    )
    insert into loyalty_figure (property, by, value, guests, visits, nights, spend, unpriced)
    select property, of.by, of.value, sum(guests), sum(times), sum(nights), coalesce(sum(spend), 0), sum(unpriced)
    from alike cross join lateral (values ('visits', visits), ('tier', tier)) as of (by, value)
    group by property, of.by, of.value
"""
