"""Which service has erased which guest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.events.console import EVERY_SERVICE


@dataclass(frozen=True)
class Forgotten:
    """One service is done with one guest. `rows`: by table, how many; none where that is not kept any more, and
    `forgotten_at` is the day of the erasure."""

    guest_id: UUID
    service: str
    forgotten_at: datetime
    rows: dict[str, Any]


def forgotten(tx: Tx, guests: Collection[UUID]) -> list[Forgotten]:
    query = """
        select guest_id, service, forgotten_at, rows from guest_forgotten where guest_id = any(%(guests)s::uuid[])
        union all
        select guest_id, service, erased_on::timestamp at time zone 'UTC', '{}'
        from guest_erased, unnest(%(services)s::text[]) as each (service) where guest_id = any(%(guests)s::uuid[])
        order by service, guest_id
    """
    return tx.rows(Forgotten, query, {"guests": list(guests), "services": list(EVERY_SERVICE)})
