"""On which channels notices to colleagues really leave, as messaging published it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.database.pool import Tx


def keep(tx: Tx, columns: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into sender_known as old (channel, version, is_real)
        select distinct on (channel) channel, version, is_real
        from unnest(%(channel)s::text[], %(version)s::bigint[], %(is_real)s::boolean[])
            as new (channel, version, is_real)
        order by channel, version desc
        on conflict (channel) do update set version = excluded.version, is_real = excluded.is_real
        where excluded.version > old.version
        """,
        columns,
    )


def is_real(tx: Tx, channel: str) -> bool:
    row = tx.execute("select is_real from sender_known where channel = %s", (channel,)).fetchone()
    return bool(row and row[0])
