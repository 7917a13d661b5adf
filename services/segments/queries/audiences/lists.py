"""Lists of guests, and what journeys are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.database.pool import Tx


@dataclass(frozen=True)
class ListRow:
    """`members`: of all hotels, those merged away counted once each."""

    key: str
    name: str
    origin: str
    segment: str | None
    counts: dict[str, Any]
    created_at: datetime
    created_by: str
    members: int


def standing_lists(tx: Tx) -> list[ListRow]:
    """The newest first."""
    return tx.rows(
        ListRow,
        """
        select key, name, origin, segment, counts, created_at, created_by,
            (select count(*) from guest_list_member where list = key) as members
        from guest_list where ended_at is null order by created_at desc, key
        """,
    )


def journey_names(tx: Tx) -> dict[str, str]:
    return dict(tx.execute("select journey, name from journey_known order by name, journey").fetchall())
