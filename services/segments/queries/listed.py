"""The segments there are, private ones too, with how many guests are in each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Choice:
    key: str
    name: str
    members: int


def listed(tx: Tx, key: str | None = None) -> list[Choice]:
    return tx.rows(
        Choice,
        """
        select segment.key, segment.name, coalesce(size.members, 0)::int as members
        from segment left join segment_size size on size.number = segment.number
        where segment.retired_at is null and (%(key)s::text is null or segment.key = %(key)s)
        order by segment.name, segment.key
        """,
        {"key": key},
    )


def keys_of(tx: Tx, guest_id: UUID) -> list[str]:
    """Of the segments that a guest is in now, private ones too."""
    query = """
        select segment.key from membership join segment on segment.number = any(membership.segments)
        where guest_id = %s and retired_at is null order by 1
    """
    return [key for (key,) in tx.execute(query, [guest_id])]
