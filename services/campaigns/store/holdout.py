"""The share of guests that no offer of any journey reaches: the house's own control group."""

from __future__ import annotations

from datetime import datetime

from shared.database.pool import Tx


def share_of_house(tx: Tx) -> int:
    """Per cent; 0 where nobody set it."""
    row = tx.execute("select share from house_holdout").fetchone()
    return row[0] if row else 0


def set_share(tx: Tx, share: int, at: datetime, by: str) -> None:
    tx.execute(
        """
        insert into house_holdout (share, changed_at, changed_by) values (%s, %s, %s)
        on conflict (single) do update
        set share = excluded.share, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """,
        [share, at, by],
    )
