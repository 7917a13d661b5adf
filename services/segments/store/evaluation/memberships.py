"""Who is in which segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from services.segments.store.evaluation.statement import Change
from shared.database.pool import Tx

VERSION = """
    coalesce((
        select version from membership_change c
        where c.guest_id = m.guest_id and c.segment = %(number)s
        order by version desc limit 1
    ), 1)
"""


def members_after(
    tx: Tx, number: int, after: UUID | None, most: int, today: Mapping[str, date], at: datetime
) -> list[Change]:
    """The next members of a segment by id, as initial entries."""
    rows = tx.execute(
        f"""
        select m.guest_id::text, array[%(number)s::int], {VERSION}, true, true, %(at)s::timestamptz,
            f.home_zone, d.today, '{{"kind": "initial"}}', f.birth_date, f.last_stay_id::text,
            f.last_reservation, f.last_property, f.last_checkout_on, f.first_arrival_on
        from membership m
        join guest_facts f on f.guest_id = m.guest_id
        join unnest(%(zones)s::text[], %(days)s::date[]) as d (zone, today) on d.zone = f.home_zone
        where m.segments @> array[%(number)s::int] and (%(after)s::uuid is null or m.guest_id > %(after)s::uuid)
        order by m.guest_id limit %(most)s
        """,
        {
            "number": number,
            "after": after,
            "most": most,
            "zones": list(today),
            "days": list(today.values()),
            "at": at,
        },
    )
    return [Change(*row) for row in rows.fetchall()]


def members_of(tx: Tx, key: str) -> list[UUID]:
    rows = tx.execute(
        """
        select guest_id from membership
        where segments @> array[(select number from segment where key = %s)]
        order by guest_id
        """,
        [key],
    )
    return [guest for (guest,) in rows.fetchall()]


def sizes(tx: Tx) -> dict[str, int]:
    rows = tx.execute(
        """
        select s.key, z.members from segment s join segment_size z on z.number = s.number
        where s.retired_at is null order by s.key
        """
    )
    return dict(rows.fetchall())
