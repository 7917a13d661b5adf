"""Stays changed: entries, exits and goals that rest on a stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.commands.reach_goals import reach_goals
from services.campaigns.rules.enrolments import Enrolment, must_leave
from services.campaigns.rules.entries import Live, StayState, by_stay
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.early_exits import UNDONE, StayTurned
from services.campaigns.steps.entries import STANDS_WHILE, StayEntry
from services.campaigns.store.copies import keep_stays
from services.campaigns.store.enrolments import lock_of_stays
from services.campaigns.store.journeys import Pinned, documents_of, live_journeys
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.reason import Reason
from shared.vocabulary.stay import StayTurn


def on_stay_changed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Keep the newest state of each stay, and let it decide: it alone, not the type of event that carried it."""
    newest = keep_stays(tx, chunk)
    lives = live_journeys(tx, at)
    by_stays = [live for live in lives if isinstance(live.journey.entry, StayEntry)]
    if by_stays and (stays := newest_stays(chunk, newest)):
        _leave(tx, by_stays, [stay for stay in stays.values() if stay.version > 1], at)
        if not chunk.republished:
            _enter(tx, by_stays, stays, at)
    if not chunk.republished:
        note_happenings(tx, lives, chunk, "occurred_at", at)
        if chunk.type.name == StayTurn.BOOKED.event:
            reach_goals(tx, lives, chunk, "stay.booked", "booked_at")


def newest_stays(chunk: Chunk, newest: dict[UUID, int]) -> dict[UUID, StayState]:
    names = (
        "stay_id",
        "version",
        "guest_id",
        "property",
        "zone",
        "reservation",
        "status",
        "booked_at",
        "checked_in_at",
        "checked_out_at",
        "ended_at",
    )
    found = {}
    for stay, version, guest, property_, zone, reservation, status, *instants in zip(
        *(chunk[name] for name in names), strict=True
    ):
        stay_id = UUID(stay)
        if newest.get(stay_id) == version:
            booked, *later = (datetime.fromisoformat(value) if value else None for value in instants)
            assert booked is not None
            found[stay_id] = StayState(
                stay_id, version, UUID(guest), property_, zone, reservation, status, booked, *later
            )
    return found


def _leave(tx: Tx, lives: Sequence[Live], changed: Sequence[StayState], at: datetime) -> None:
    """A stay's first version can end nothing: were a later one known, the first would not be the newest."""
    if not changed:
        return
    stays = {stay.stay_id: stay for stay in changed}
    present = [one for one in lock_of_stays(tx, list(stays), [live.key for live in lives]) if must_leave(one)]
    documents: dict[Pinned, Journey] = {(live.key, live.version): live.journey for live in lives}
    if missing := {(one.journey, one.version) for one in present} - set(documents):
        documents.update(documents_of(tx, missing))
    leavings = []
    for one in present:
        assert one.stay_id is not None
        reason = leaving_reason(documents[one.journey, one.version], one, stays[one.stay_id])
        if reason is not None:
            leavings.append(Leaving(one, reason))
    leave(tx, leavings, at)


def leaving_reason(journey: Journey, one: Enrolment, stay: StayState) -> str | None:
    """Why the stay's present state ends the enrolment; None where it does not."""
    if not isinstance(journey.entry, StayEntry):
        return None
    if one.guest_id != stay.guest_id:
        return Reason.STAY_MOVED
    turns = {exit_.into for exit_ in journey.exits if isinstance(exit_, StayTurned)}
    if UNDONE in turns and stay.status not in STANDS_WHILE[journey.entry.status]:
        return Reason.STAY_UNDONE
    return f"stay_{stay.status}" if stay.status in turns else None


def _enter(tx: Tx, lives: Sequence[Live], stays: dict[UUID, StayState], at: datetime) -> None:
    lock_and_enter(tx, [found for stay in stays.values() for live in lives if (found := by_stay(live, stay))], at)
