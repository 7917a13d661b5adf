"""What became of a guest's number: merged into another, or erased."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Standing:
    """`guest_id`: who it is now."""

    guest_id: UUID
    is_erased: bool


def standing_as(tx: Tx, number: UUID) -> Standing | None:
    """Who has this number now; None where nobody ever had it."""
    query = """
        select coalesce(into_.id, own.id) as guest_id, coalesce(into_.erased_at, own.erased_at) is not null as is_erased
        from guest own left join guest into_ on into_.id = own.merged_into where own.id = %s
    """
    found = tx.rows(Standing, query, [number])
    return found[0] if found else None
