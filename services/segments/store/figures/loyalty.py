"""How often guests came, and which tier they have: all who ever stayed, counted anew."""

from __future__ import annotations

from services.segments.rules.bands import band_sql
from services.segments.store.figures.visits import staying
from shared.database.pool import Tx


def keep_loyalty(tx: Tx) -> None:
    tx.execute("delete from loyalty_figure")
    tx.execute(KEEP)


KEEP = f"""
    with held as (
        select at.property, guest_id, count(*) filter (where begins)::int as visits, sum(nights) as nights,
            sum(case when at.property = '' then reported else amount end) as spend,
            count(*) - count(case when at.property = '' then reported else amount end) as unpriced
        from ({staying()}) as staying
        cross join lateral (values (property), ('')) as at (property)
        group by at.property, guest_id
    )
    insert into loyalty_figure (property, by, value, guests, visits, nights, spend, unpriced)
    select property, of.by, of.value, count(*), sum(visits), sum(nights), coalesce(sum(spend), 0), sum(unpriced)
    from held join guest on guest.id = guest_id
    cross join lateral (values ('visits', {band_sql("visits", "visits")}), ('tier', coalesce(guest.tier, '')))
        as of (by, value)
    group by property, of.by, of.value
"""
