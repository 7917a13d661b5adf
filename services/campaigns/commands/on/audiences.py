"""Guests entered or left audiences: some are enrolled, some leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import enter
from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.let_in import keep_members
from services.campaigns.commands.replan import replan_days
from services.campaigns.commands.wake import wake_waiting
from services.campaigns.rules.enrolments import Enrolment, must_leave
from services.campaigns.rules.entries import DAY_MOVED, UNMERGED, AudienceChange, Entrance, Live, by_audience, cause_of
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.entries import AudienceEntry, DateEntry
from services.campaigns.steps.events import crossing
from services.campaigns.store.awaiting import Happening
from services.campaigns.store.copies import keep_memberships
from services.campaigns.store.enrolments import lock_of_guests
from services.campaigns.store.journeys import Pinned, documents_of, live_journeys
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events import Chunk
from shared.vocabulary.reason import Reason

Newest = dict[tuple[UUID, str], int]


@dataclass(frozen=True)
class Changes:
    """The changes of a chunk, and which of them are the newest known."""

    all: Sequence[AudienceChange]
    newest: Newest
    republished: bool

    def is_newest(self, change: AudienceChange) -> bool:
        return self.newest.get((change.guest_id, change.segment)) == change.version


def on_audience_changed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Keep who is inside; stop those who left; enrol those who entered a journey's audience.

    Where a journey ends by leaving, only the newest change of a guest in an audience counts, so that changes may come
    in any order. Elsewhere each occurrence stands by itself and is never lost to a later change.
    """
    changes = Changes(changes_in(chunk), keep_memberships(tx, chunk), chunk.republished)
    if not changes.republished:
        wake_waiting(tx, map(_crossing_of, changes.all), map(_happening, changes.all))
    lives = [live for live in live_journeys(tx, at) if live.journey.audience]
    if not lives:
        return
    guests = list(dict.fromkeys(change.guest_id for change in changes.all))
    present = lock_of_guests(tx, guests, [live.key for live in lives])
    _leave(tx, lives, changes, present, at)
    if not changes.republished:
        keep_members(tx, lives, changes.all)
    entrances = [] if changes.republished else _entrances(lives, changes)
    enter(tx, entrances, present, at)
    replan_days(tx, entrances, present, at)


def _crossing_of(change: AudienceChange) -> str:
    return crossing(change.segment, entered=change.entered)


def _happening(change: AudienceChange) -> Happening:
    return Happening(change.guest_id, _crossing_of(change), change.at)


def changes_in(chunk: Chunk) -> list[AudienceChange]:
    names = ("guest_id", "segment", "version", "entered", "initial", "at", "zone", "because")
    return [
        AudienceChange(UUID(guest), segment, version, entered, initial, datetime.fromisoformat(at), zone, because)
        for guest, segment, version, entered, initial, at, zone, because in zip(
            *(chunk[name] for name in names), strict=True
        )
    ]


def _leave(tx: Tx, lives: Sequence[Live], changes: Changes, present: Sequence[Enrolment], at: datetime) -> None:
    documents: dict[Pinned, Journey] = {(live.key, live.version): live.journey for live in lives}
    pinned = {(one.journey, one.version) for one in present if must_leave(one)}
    if missing := pinned - set(documents):
        documents.update(documents_of(tx, missing))
    newest = {(change.guest_id, change.segment): change for change in changes.all if changes.is_newest(change)}
    leavings = []
    for one in present:
        if not must_leave(one):
            continue
        journey = documents[one.journey, one.version]
        change = newest.get((one.guest_id, journey.audience or ""))
        if change is not None and _ends(journey, one, change, changes.republished):
            reason = Reason.DATE_UNKNOWN if journey.follows_own_date else _reason(change)
            leavings.append(Leaving(one, reason))
    leave(tx, leavings, at)


def _ends(journey: Journey, one: Enrolment, change: AudienceChange, republished: bool) -> bool:
    """The guest left, or their day moved; or entered again in a way that plans nothing anew, and so must have left in
    between."""
    if change.version <= one.plan:
        return False
    if journey.follows_own_date:  # time takes everybody out once the day is past
        moved = not republished and cause_of(change.because) == DAY_MOVED
        return moved and (not change.entered or _is_of_another_day(journey, one, change))
    if not journey.exits_on_leaving:
        return False
    assert isinstance(journey.entry, AudienceEntry)
    back = change.entered != journey.entry.entered
    if not back and cause_of(change.because) == UNMERGED:  # what the merge had ended goes on
        return False
    return back or change.initial or republished


def _is_of_another_day(journey: Journey, one: Enrolment, change: AudienceChange) -> bool:
    """Of a date that comes once, each day is an occasion of its own."""
    assert isinstance(journey.entry, DateEntry)
    date = journey.entry.date
    return bool(change.because.get("once")) and one.occurrence != f"{date}:{change.because.get(date)}"


def _reason(change: AudienceChange) -> Reason:
    return Reason.BOOKED if cause_of(change.because) == "stay.booked" else Reason.LEFT_AUDIENCE


def _entrances(lives: Sequence[Live], changes: Changes) -> list[Entrance]:
    found: list[Entrance] = []
    broken: dict[int, str] = {}
    for place, change in enumerate(changes.all):
        for live in lives:
            if live.journey.audience != change.segment:
                continue
            if live.journey.only_newest and not changes.is_newest(change):
                continue
            try:
                entrance = by_audience(live, change)
            except (KeyError, ValueError, TypeError) as error:
                broken[place] = f"because: {live.key} needs what is not there or not readable ({error})"
                continue
            if entrance is not None:
                found.append(entrance)
    if broken:
        raise MalformedEvent("audience.changed.v1: an entry lacks what its occurrence is made of", broken)
    return found
