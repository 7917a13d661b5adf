"""Moments at which guests opened a link or answered: each once, however often it is told."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk


def keep(tx: Tx, chunk: Chunk, id_column: str, at_column: str) -> None:
    """The first moment of each counts."""
    tx.execute(
        """
        insert into guest_moment as known (id, guest_id, at)
        select distinct on (id) id, guest_id, at
        from unnest(%(id)s::uuid[], %(guest)s::uuid[], %(at)s::timestamptz[]) as new (id, guest_id, at)
        order by id, at
        on conflict (id) do update set at = excluded.at where excluded.at < known.at
        """,
        {"id": chunk[id_column], "guest": chunk["guest_id"], "at": chunk[at_column]},
    )


def hours_of(tx: Tx, zones: Mapping[UUID, str]) -> dict[UUID, list[int]]:
    """By guest the local hours of the last hundred, the newest last; what somebody did who was merged into a guest, the
    guest did."""
    rows = tx.execute(
        """
        with recursive family (root, guest_id) as (
            select guest_id, guest_id from unnest(%(guests)s::uuid[]) as asked (guest_id)
            union
            select root, known.guest_id from family join guest_known as known on known.merged_into = family.guest_id
        )
        select asked.guest_id, array_agg(extract(hour from of.at at time zone asked.zone)::int order by of.at, of.id)
        from unnest(%(guests)s::uuid[], %(zones)s::text[]) as asked (guest_id, zone)
        cross join lateral (
            select moment.id, moment.at from family join guest_moment as moment using (guest_id)
            where root = asked.guest_id order by moment.at desc, moment.id limit 100
        ) as of
        group by asked.guest_id
        """,
        {"guests": list(zones), "zones": list(zones.values())},
    )
    return dict(rows.fetchall())
