"""Something happened to guests: journeys that end by it end, forks may ask for it later, and waits for it are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.wake import wake_waiting
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.rules.entries import Live
from services.campaigns.store import happenings
from services.campaigns.store.awaiting import Happening
from services.campaigns.store.enrolments import lock_of_guests
from shared.database.pool import Tx
from shared.events import Chunk


def note_happenings(
    tx: Tx, lives: Sequence[Live], chunk: Chunk, instant: str, at: datetime, *, event: str | None = None
) -> None:
    """`instant` names the column of when it happened; `event`: as journeys ask for it, where that is not its type. Kept
    only where a running journey asks for it."""
    event = event or chunk.type.name.removesuffix(".v1")
    if any(event in live.journey.happenings for live in lives):
        happenings.note_happenings(tx, event, chunk["guest_id"], chunk[instant])
        _end(tx, [live.key for live in lives if event in live.journey.exit_events], event, chunk, instant, at)
    columns = (chunk["guest_id"], chunk[instant], chunk["stay_id"])
    happened = (
        Happening(UUID(guest), event, datetime.fromisoformat(moment), UUID(stay) if stay else None)
        for guest, moment, stay in zip(*columns, strict=True)
    )
    wake_waiting(tx, [event], happened)


def _end(tx: Tx, journeys: Sequence[str], event: str, chunk: Chunk, instant: str, at: datetime) -> None:
    if not journeys:
        return
    last: dict[UUID, datetime] = {}
    for guest, moment in zip(map(UUID, chunk["guest_id"]), map(datetime.fromisoformat, chunk[instant]), strict=True):
        last[guest] = max(moment, last.get(guest, moment))
    present = lock_of_guests(tx, sorted(last), journeys)
    reason = event.partition(":")[0]
    leavings = [Leaving(one, reason) for one in present if must_leave(one) and one.entered_at < last[one.guest_id]]
    leave(tx, leavings, at)
