"""What people note and change about guests by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Noted:
    """What may be changed by hand, locked."""

    version: int
    language: str | None
    tags: list[str]
    do_not_contact: str | None


def lock_noted(tx: Tx, guest_id: UUID) -> Noted | None:
    query = """
        select version, language, tags, do_not_contact from guest
        where id = %s and merged_into is null and erased_at is null for update
    """
    found = tx.rows(Noted, query, [guest_id])
    return found[0] if found else None


def set_do_not_contact(tx: Tx, guest_id: UUID, reason: str | None, at: datetime) -> None:
    statement = "update guest set do_not_contact = %s, version = version + 1, changed_at = %s where id = %s"
    tx.execute(statement, [reason, at, guest_id])


def set_tags(tx: Tx, guest_id: UUID, tags: Sequence[str], at: datetime) -> None:
    statement = "update guest set tags = %s::text[], version = version + 1, changed_at = %s where id = %s"
    tx.execute(statement, [list(tags), at, guest_id])


def preference_of(tx: Tx, guest_id: UUID) -> Sealed | None:
    row = tx.execute("select text_sealed from guest_preference where guest_id = %s", [guest_id]).fetchone()
    return Sealed(row[0]) if row else None


def save_preference(tx: Tx, guest_id: UUID, text: Sealed | None, by: str, at: datetime) -> None:
    if text is None:
        tx.execute("delete from guest_preference where guest_id = %s", [guest_id])
        return
    statement = """
        insert into guest_preference (guest_id, text_sealed, noted_by, noted_at) values (%s, %s, %s, %s)
        on conflict (guest_id) do update
        set text_sealed = excluded.text_sealed, noted_by = excluded.noted_by, noted_at = excluded.noted_at
    """
    tx.execute(statement, [guest_id, text, by, at])


def set_muted(tx: Tx, stay_id: UUID, muted: bool, at: datetime) -> None:
    statement = "update stay set muted = %s, version = version + 1, changed_at = %s where id = %s"
    tx.execute(statement, [muted, at, stay_id])


def keep_edits(tx: Tx, edits: Sequence[tuple[UUID, Mapping[str, Any]]], what: str, by: str, at: datetime) -> None:
    """A line of the story for each guest, with its details."""
    statement = """
        insert into guest_edit (guest_id, at, what, by_whom, details)
        select guest_id, %(at)s, %(what)s, %(by)s, details
        from unnest(%(guests)s::uuid[], %(details)s::jsonb[]) with ordinality as t (guest_id, details, place)
        order by place
    """
    said = {"guests": [guest for guest, _ in edits], "details": [json.dumps(details) for _, details in edits]}
    tx.execute(statement, {**said, "at": at, "what": what, "by": by})
