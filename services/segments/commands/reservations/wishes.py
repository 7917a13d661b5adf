"""Wishes that a source's columns state come into what the front desk knows of a guest, beside what people wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.rules.people.wishes import with_wishes
from services.segments.store.guests.wishes import notes_of, save_notes
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx

BY_IMPORT = "import"


def note_wishes(tx: Tx, wishes: Mapping[UUID, Sequence[str]], at: datetime) -> None:
    """`wishes`: by guest. What people wrote stays theirs, also in whose name it stands."""
    if not wishes:
        return
    known = notes_of(tx, list(wishes))
    changed = []
    for guest, stated in wishes.items():
        sealed, by = known.get(guest, (None, BY_IMPORT))
        before = tx.keyring.open(sealed, Sealing.NOTE) if sealed else ""
        after = with_wishes(before, stated, is_a_sources=by == BY_IMPORT)
        if after != before:
            changed.append((guest, tx.keyring.seal(after, Sealing.NOTE), by))
    save_notes(tx, changed, at)
