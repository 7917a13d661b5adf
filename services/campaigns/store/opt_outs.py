"""When guests objected: how many did after a message is one of a journey's results."""

from __future__ import annotations

from shared.database.pool import Tx
from shared.events import Chunk


def keep_opt_outs(tx: Tx, chunk: Chunk) -> None:
    """Those of nobody known are passed over."""
    tx.execute(
        """
        insert into opt_out_known (optout_id, version, guest_id, at)
        select distinct on (optout_id) *
        from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::timestamptz[]) as new (optout_id, version, guest_id, at)
        where guest_id is not null
        order by optout_id, version desc
        on conflict (optout_id) do update
        set version = excluded.version, guest_id = excluded.guest_id, at = excluded.at
        where opt_out_known.version < excluded.version
        """,
        [chunk[name] for name in ("optout_id", "version", "guest_id", "requested_at")],
    )
