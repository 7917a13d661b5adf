"""Which service has erased which guest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Forgotten:
    """One service is done with one guest. `rows`: by table, how many."""

    guest_id: UUID
    service: str
    forgotten_at: datetime
    rows: dict[str, Any]


def forgotten(tx: Tx, guests: Collection[UUID]) -> list[Forgotten]:
    query = """
        select guest_id, service, forgotten_at, rows from guest_forgotten
        where guest_id = any(%s::uuid[]) order by service, guest_id
    """
    return tx.rows(Forgotten, query, [list(guests)])
