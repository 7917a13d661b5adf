"""What a stay brings on average, by property: a snapshot, and whom the next one carries across a border."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shared.database.pool import Tx

NAME = "property_average"
Averages = Mapping[str, Decimal]


def next_at(tx: Tx) -> datetime | None:
    row = tx.execute("select next_at from snapshot_plan order by next_at limit 1").fetchone()
    return row[0] if row else None


def plan(tx: Tx, at: datetime) -> None:
    tx.execute("insert into snapshot_plan (name, next_at) values (%s, %s) on conflict do nothing", [NAME, at])


def claim_due(tx: Tx, now: datetime, following: datetime, name: str = NAME) -> bool:
    """Moves the plan on; False where nothing was due."""
    query = "update snapshot_plan set next_at = %s where name = %s and next_at <= %s"
    return tx.execute(query, [following, name, now]).rowcount == 1


def averages(tx: Tx) -> Averages:
    return dict(tx.execute("select property, mean_spend from property_average order by property").fetchall())


def renew(tx: Tx, as_of: date, since: date) -> tuple[Averages, Averages]:
    """Takes the averages of the stays checked out after `since`; returns those before and those now.

    They are in the hotel's currency; an amount for which no rate is known is left out.
    A property without such a stay keeps the average it had.
    """
    before = averages(tx)
    tx.execute(
        """
        insert into property_average (property, as_of, mean_spend, stays)
        select property, %(as_of)s, round(avg(coalesce(amount, 0)), 2), count(*)
        from stay
        where status = 'checked_out' and not muted and checked_out_on > %(since)s
            and (amount is not null or revenue is null)
        group by property
        on conflict (property) do update
            set as_of = excluded.as_of, mean_spend = excluded.mean_spend, stays = excluded.stays
        """,
        {"as_of": as_of, "since": since},
    )
    return before, averages(tx)


def guests_between(tx: Tx, before: Averages, after: Averages, shares: Collection[Decimal]) -> list[UUID]:
    """Guests whose spend a stay lies between a share of the old and of the new average of their last property.

    The first average of a property concerns all its guests, and so does one on the other side of nought.
    """
    ranges = [
        (name, Decimal("-Infinity"), Decimal("Infinity")) if concerns_all(before, name, after[name]) else one
        for name in after
        if before.get(name) != after[name]
        for share in sorted(shares)
        for one in [border_range(name, share, before.get(name, after[name]), after[name])]
    ]
    rows = tx.execute(
        """
        select distinct f.guest_id
        from unnest(%(properties)s::text[], %(lows)s::numeric[], %(highs)s::numeric[]) as r (property, low, high)
        join guest_facts f on f.last_property = r.property and f.mean_spend between r.low and r.high
        order by f.guest_id
        """,
        {
            "properties": [name for name, _, _ in ranges],
            "lows": [low for _, low, _ in ranges],
            "highs": [high for _, _, high in ranges],
        },
    )
    return [guest for (guest,) in rows.fetchall()]


def concerns_all(before: Averages, name: str, now: Decimal) -> bool:
    return name not in before or before[name] <= 0 or now <= 0


def border_range(name: str, share: Decimal, old: Decimal, new: Decimal) -> tuple[str, Decimal, Decimal]:
    """A little wider than the border itself moved, since the share is compared as rounded to four digits."""
    ends = [(share + step) * average for average in (old, new) for step in (Decimal("-0.001"), Decimal("0.001"))]
    return name, min(ends), max(ends)
