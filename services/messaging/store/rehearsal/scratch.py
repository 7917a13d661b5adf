"""What a scratch copy begins with."""

from __future__ import annotations

from datetime import datetime

from shared.database.pool import Tx


def clear_the_way(tx: Tx, until: datetime) -> None:
    """What is on its way just now arrives; hotels are heard of all the time."""
    tx.execute("update delivery set state = 'sent', lease_until = null where state = 'claimed'")
    tx.execute(
        """
        insert into property_heard (code, heard_at) select code, %(until)s from property_known
        on conflict (code) do update set heard_at = excluded.heard_at
        """,
        {"until": until},
    )
