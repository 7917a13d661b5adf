"""The audit trail: added to, never changed."""

from __future__ import annotations

from typing import Any

from shared.database.pool import Tx


def add(tx: Tx, entries: dict[str, list[Any]]) -> None:
    tx.execute(ADD, entries)


ADD = """
    insert into audit_entry (audit_id, service, actor, action, subject, details, recorded_at)
    select *
    from unnest(%(audit_id)s::uuid[], %(service)s::text[], %(actor)s::text[], %(action)s::text[], %(subject)s::text[],
                %(details)s::jsonb[], %(recorded_at)s::timestamptz[])
    on conflict do nothing
"""
