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
    """By guest the local hours of the last hundred, the newest last."""
    rows = tx.execute(
        """
        select asked.guest_id, array_agg(extract(hour from of.at at time zone asked.zone)::int order by of.at, of.id)
        from unnest(%s::uuid[], %s::text[]) as asked (guest_id, zone)
        cross join lateral (
            select id, at from guest_moment where guest_id = asked.guest_id order by at desc, id limit 100
        ) as of
        group by asked.guest_id
        """,
        [list(zones), list(zones.values())],
    )
    return dict(rows.fetchall())
