"""Guests changed, were merged away, taken out again, or erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.let_in_happened import begins_with
from services.campaigns.commands.let_in_members import let_in_members
from services.campaigns.commands.resume import resume
from services.campaigns.commands.turn_calendar import plan_turns
from services.campaigns.personal_data import PERSONAL_DATA
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.steps.happening_entry import OF_PROGRAMMES
from services.campaigns.store import copies
from services.campaigns.store.calendars import know_zones
from services.campaigns.store.enrolments import lock_of_guests
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.programmes import are_asked_for, changed_since, standings_of
from shared.bus.erasing import wait_for_handlers
from shared.database.pool import Tx
from shared.events import Chunk
from shared.personal_data.forget import forget, guests_in
from shared.vocabulary.reason import Reason


def on_guest_changed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    is_asked = not chunk.republished and are_asked_for(tx)
    lives = [live for live in live_journeys(tx, at) if begins_with(live, *OF_PROGRAMMES)] if is_asked else []
    before = standings_of(tx, chunk["guest_id"]) if lives else {}
    kept = copies.keep_guests(tx, chunk)
    if know_zones(tx, set(chunk["home_zone"])):
        plan_turns(tx, at)
    if before:
        let_in_members(tx, lives, changed_since(before, kept, chunk), at)


def on_guest_merged(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A guest merged away is in no journey any more; the surviving one enters by audiences and stays of their own."""
    _end(tx, copies.tombstone_merged(tx, chunk), Reason.MERGED, at)


def on_guest_unmerged(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The guest's journeys go on where they were; what was entered meanwhile with one of their stays is theirs."""
    for place in range(len(chunk)):  # seldom more than one
        guest, other = UUID(chunk["guest_id"][place]), UUID(chunk["from_guest_id"][place])
        if copies.revive(tx, guest, chunk["version"][place]):
            resume(tx, guest, other, chunk["stays"][place], chunk["merged_at"][place], at)


def on_guest_erased(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """An erased guest is in no journey any more. Enrolments stay as figures: the guest in them is nobody."""
    wait_for_handlers(tx)
    copies.tombstone_erased(tx, chunk)
    _end(tx, sorted({UUID(guest) for guest in chunk["guest_id"]}), Reason.ERASED, at)
    forget(tx, PERSONAL_DATA, guests_in(chunk), at)


def _end(tx: Tx, guests: Sequence[UUID], reason: Reason, at: datetime) -> None:
    present = lock_of_guests(tx, guests)
    leave(tx, [Leaving(one, reason) for one in present if must_leave(one)], at)
