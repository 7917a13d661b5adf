"""What every change of a guest by hand leaves behind: a line of the story, a line of the audit trail, the new state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.publish_states import publish_guests
from services.segments.store.guests import care as store
from shared.access.audit import record_each
from shared.access.people import Person
from shared.database.pool import Tx


def name_of(by: Person | str) -> str:
    return by if isinstance(by, str) else by.name


def note(tx: Tx, guest_id: UUID, what: str, by: Person | str, details: Mapping[str, Any], at: datetime) -> None:
    """Keeps it for the guest's story and records it in the audit trail, which outlives the guest: there no number of
    the source's own books stands.
    """
    note_each(tx, [(guest_id, details)], what, by, at)


def note_each(
    tx: Tx, guests: Sequence[tuple[UUID, Mapping[str, Any]]], what: str, by: Person | str, at: datetime
) -> None:
    """The same of many, each with its details."""
    store.keep_edits(tx, guests, what, name_of(by), at)
    kept = [
        (f"guest {guest}", {name: value for name, value in details.items() if name != "reservation"})
        for guest, details in guests
    ]
    record_each(tx, by, what, kept, at)


def publish_and_evaluate(tx: Tx, guests: Collection[UUID], at: datetime) -> None:
    publish_guests(tx, guests, at)
    evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.changed"}) for guest in sorted(guests)], at)
