"""Something happened to guests: journeys that end by it end, and forks may ask for it later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.rules.entries import Live
from services.campaigns.store import happenings
from services.campaigns.store.enrolments import lock_of_guests
from shared.database.pool import Tx


def note_happenings(
    tx: Tx, lives: Sequence[Live], event: str, guests: Sequence[str], instants: Sequence[str], at: datetime
) -> None:
    """`guests` and `instants` belong together, place by place. Kept only where a running journey asks for the event."""
    if not any(event in live.journey.happenings for live in lives):
        return
    happenings.note_happenings(tx, event, guests, instants)
    ending = [live.key for live in lives if event in live.journey.exit_events]
    if not ending:
        return
    last: dict[UUID, datetime] = {}
    for guest, instant in zip(guests, instants, strict=True):
        key, moment = UUID(guest), datetime.fromisoformat(instant)
        last[key] = max(moment, last.get(key, moment))
    present = lock_of_guests(tx, sorted(last), ending)
    leavings = [Leaving(one, event) for one in present if must_leave(one) and one.entered_at < last[one.guest_id]]
    leave(tx, leavings, at)
