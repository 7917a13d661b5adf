"""When somebody last wrote from a contact point, on the channels where that opens a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.database.pool import Tx

KEPT_FOR = timedelta(days=7)  # longer than any window, with time to spare for a look at what was refused


def keep(tx: Tx, params: Mapping[str, Any], at: datetime) -> None:
    """The latest of each. What opens nothing any more goes."""
    tx.execute("delete from window_opened where wrote_at < %s", [at - KEPT_FOR])
    tx.execute(
        """
        insert into window_opened as known (channel, point, wrote_at)
        select channel, point, max(wrote_at)
        from unnest(%(channel)s::text[], %(point)s::text[], %(wrote_at)s::timestamptz[])
            as said (channel, point, wrote_at)
        group by channel, point order by channel, point
        on conflict (channel, point) do update set wrote_at = excluded.wrote_at
        where excluded.wrote_at > known.wrote_at
        """,
        params,
    )


def wrote_at(tx: Tx, points: Sequence[str]) -> dict[tuple[str, str], datetime]:
    """By channel and point."""
    query = "select channel, point, wrote_at from window_opened where point = any(%s)"
    return {(channel, point): at for channel, point, at in tx.execute(query, [list(points)])}
