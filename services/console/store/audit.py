"""The audit trail: added to, never changed; entries go when their term is over, and not before."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from shared.access.people import list_literal
from shared.database.pool import Tx


def add(tx: Tx, entries: dict[str, list[Any]]) -> None:
    """Columns of entries; `hotels` are lists, or None where they are not known."""
    hotels = [None if one is None else list_literal(one) for one in entries["hotels"]]
    tx.execute(ADD, {**entries, "hotels": hotels})


def forget(tx: Tx, guests: Collection[UUID]) -> int:
    """Entries about these guests keep who did what and when; how many had said more."""
    return tx.execute(FORGET, {"subjects": [f"guest {guest}" for guest in guests], "telling": list(TELLING)}).rowcount


TELLING = ("reservation",)
"""Details that would lead to the guest in the source's own books."""
FORGET = """
    update audit_entry set details = details - %(telling)s::text[]
    where subject = any(%(subjects)s) and details ?| %(telling)s::text[]
"""
ADD = """
    insert into audit_entry
        (audit_id, service, actor, action, subject, details, recorded_at, role, hotels)
    select audit_id, service, actor, action, subject, details, recorded_at, role, hotels::text[]
    from unnest(%(audit_id)s::uuid[], %(service)s::text[], %(actor)s::text[], %(action)s::text[], %(subject)s::text[],
                %(details)s::jsonb[], %(recorded_at)s::timestamptz[], %(role)s::text[], %(hotels)s::text[])
        as said (audit_id, service, actor, action, subject, details, recorded_at, role, hotels)
    on conflict do nothing
"""
