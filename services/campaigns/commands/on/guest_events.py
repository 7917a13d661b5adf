"""Hotels' own systems told that something happened to guests: it is kept, so that journeys may ask for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from services.campaigns.store.happenings import note_happenings
from shared.database.pool import Tx
from shared.events import Chunk


def on_guest_event(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Told twice or late, the latest of each name counts."""
    by_name: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for name, guest, happened in zip(chunk["name"], chunk["guest_id"], chunk["happened_at"], strict=True):
        guests, instants = by_name[name]
        guests.append(guest)
        instants.append(happened)
    for name, (guests, instants) in sorted(by_name.items()):
        note_happenings(tx, happening(name), guests, instants)


def happening(name: str) -> str:
    """As it is kept: no name of a hotel's is that of an event of Guestloop."""
    return f"event:{name}"
