"""What the front desk knows of many guests, read and written in sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.store.sets import columns
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


def notes_of(tx: Tx, guests: Collection[UUID]) -> dict[UUID, tuple[Sealed, str]]:
    """By guest the note, sealed, and who wrote it last; the guests are locked."""
    query = "select guest_id, text_sealed, noted_by from guest_preference where guest_id = any(%s)"
    return {guest: (Sealed(text), by) for guest, text, by in tx.execute(query, [list(guests)])}


def save_notes(tx: Tx, notes: Sequence[tuple[UUID, Sealed, str]], at: datetime) -> None:
    statement = """
        insert into guest_preference (guest_id, text_sealed, noted_by, noted_at)
        select t.*, %(at)s from unnest(%(guest_id)s::uuid[], %(text)s::text[], %(by)s::text[]) as t
        on conflict (guest_id) do update set text_sealed = excluded.text_sealed, noted_at = excluded.noted_at
    """
    if notes:
        tx.execute(statement, {**columns(("guest_id", "text", "by"), notes), "at": at})
