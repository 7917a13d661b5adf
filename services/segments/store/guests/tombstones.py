"""What became of a guest's number: merged into another, or erased."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Standing:
    """`guest_id`: who it is now."""

    guest_id: UUID
    is_erased: bool


def standing_as(tx: Tx, numbers: Collection[UUID]) -> dict[UUID, Standing]:
    """By number, who has it now; those that nobody ever had are missing."""
    query = """
        select own.id, coalesce(into_.id, own.id), coalesce(into_.erased_at, own.erased_at) is not null
        from guest own left join guest into_ on into_.id = own.merged_into where own.id = any(%s)
    """
    rows = tx.execute(query, [list(numbers)])
    return {number: Standing(guest_id, is_erased) for number, guest_id, is_erased in rows}
