"""Hotels' own systems told that something happened to guests: it is kept, so that journeys may ask for it, and lets the
guests into journeys that begin with it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.told_entries import OwnEvent, by_event
from services.campaigns.steps.entries import EventEntry
from services.campaigns.store.events_seen import note_seen
from services.campaigns.store.happenings import note_happenings
from services.campaigns.store.journeys import live_journeys
from shared.database.pool import Tx
from shared.events import Chunk


def on_guest_event(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Told twice or late, the latest of each name counts, and each lets in once."""
    by_name: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for name, guest, happened in zip(chunk["name"], chunk["guest_id"], chunk["happened_at"], strict=True):
        guests, instants = by_name[name]
        guests.append(guest)
        instants.append(happened)
    for name, (guests, instants) in sorted(by_name.items()):
        note_happenings(tx, happening(name), guests, instants)
    note_seen(tx, set(zip(chunk["name"], chunk["property"], strict=True)))
    if not chunk.republished:
        _let_in(tx, chunk, at)


def _let_in(tx: Tx, chunk: Chunk, at: datetime) -> None:
    lives = [live for live in live_journeys(tx, at) if isinstance(live.journey.entry, EventEntry)]
    if not lives:
        return
    found = [entrance for told in _told(chunk) for live in lives if (entrance := by_event(live, told))]
    lock_and_enter(tx, list({(one.live.key, one.guest_id, one.occurrence): one for one in found}.values()), at)


def _told(chunk: Chunk) -> list[OwnEvent]:
    names = ("event_id", "guest_id", "stay_id", "name", "property", "zone", "details", "happened_at")
    return [
        OwnEvent(
            UUID(id), UUID(guest), UUID(stay) if stay else None, name, hotel, zone, details, datetime.fromisoformat(at)
        )
        for id, guest, stay, name, hotel, zone, details, at in zip(*(chunk[name] for name in names), strict=True)
    ]


def happening(name: str) -> str:
    """As it is kept: no name of a hotel's is that of an event of Guestloop."""
    return f"event:{name}"
