"""Notes about a guest: sealed, in the guest's file, gone with the guest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from services.segments.commands.guests.noting import name_of, note
from services.segments.store.guests import notes as store
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx


def write_note(tx: Tx, guest_id: UUID, text: str, by: Person | str, at: datetime) -> UUID:
    """Two notes of the same words are two notes, so a note's number is random."""
    note_id = uuid4()
    store.add(tx, store.Note(note_id, guest_id, tx.keyring.seal(text, Sealing.NOTE), name_of(by), at))
    note(tx, guest_id, "guest.noted", by, {"note": str(note_id)}, at)
    return note_id


def delete_note(tx: Tx, guest_id: UUID, note_id: UUID, by: Person | str, at: datetime) -> bool:
    """Whether there was one."""
    found = store.delete(tx, guest_id, note_id)
    if found:
        note(tx, guest_id, "guest.note_deleted", by, {"note": str(note_id)}, at)
    return found
