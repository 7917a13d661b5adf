"""What feedback keeps of stays."""

from __future__ import annotations

from shared.database.pool import Tx
from shared.events import Chunk


def keep(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP, chunk.columns)


KEEP = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, arrival, departure)
    select distinct on (stay_id) *
    from unnest(%(stay_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                %(reservation)s::text[], %(status)s::text[], %(arrival)s::date[], %(departure)s::date[])
        as said (stay_id, version, guest_id, property, reservation, status, arrival, departure)
    order by stay_id, version desc
    on conflict (stay_id) do update
    set version = excluded.version, guest_id = excluded.guest_id, property = excluded.property,
        reservation = excluded.reservation, status = excluded.status, arrival = excluded.arrival,
        departure = excluded.departure
    where excluded.version > stay_known.version
"""
