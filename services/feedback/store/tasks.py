"""Tasks that journeys ask of the staff."""

from __future__ import annotations

from shared.database.pool import Tx
from shared.events import Chunk


def keep(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP, chunk.columns)


KEEP = """
    insert into task_known (task_id, version, guest_id, property, journey, kind, due_at)
    select distinct on (task_id) *
    from unnest(%(task_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                %(journey)s::text[], %(kind)s::text[], %(due_at)s::timestamptz[])
        as said (task_id, version, guest_id, property, journey, kind, due_at)
    order by task_id, version desc
    on conflict (task_id) do update
    set version = excluded.version, property = excluded.property, kind = excluded.kind, due_at = excluded.due_at
    where excluded.version > task_known.version
"""
