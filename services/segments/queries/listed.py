"""The segments there are, private ones too, with how many guests are in each."""

from __future__ import annotations

from dataclasses import dataclass

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
