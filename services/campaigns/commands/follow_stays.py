"""Stays changed, or a launch looks through those booked already: journeys by a stay's date follow their dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import enter
from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.replan import replan
from services.campaigns.rules.enrolments import Enrolment, State, must_leave
from services.campaigns.rules.entries import Entrance, Live, StayState
from services.campaigns.rules.stay_dates import by_stay_date, leaving_reason, trip_of
from services.campaigns.steps.entries import StayDateEntry
from services.campaigns.store.enrolments import lock_of_guests_and_stays
from services.campaigns.store.journeys import Pinned, documents_of
from services.campaigns.store.stays import stays_of
from shared.database.pool import Tx


@dataclass(frozen=True)
class StaysView:
    """Journeys that follow stays, in all versions that somebody is in; and all stays of some guests."""

    lives: Sequence[Live]
    pinned: Mapping[Pinned, Live]
    stays: Mapping[UUID, StayState]
    of_guests: Mapping[UUID, Sequence[StayState]]

    def live_of(self, one: Enrolment) -> Live:
        return self.pinned[one.journey, one.version]

    def stay_of(self, one: Enrolment) -> StayState | None:
        return self.stays.get(one.stay_id) if one.stay_id else None


def follow_stays(tx: Tx, lives: Sequence[Live], guests: Sequence[UUID], at: datetime, *, entering: bool = True) -> None:
    """What all stays of these guests make of their enrolments now. The guests are locked by the caller.

    1. who waits for a date that is no more leaves  2. who comes to one enters; one that moved is planned anew
    3. waits for a date that moved are planned again
    """
    stays = stays_of(tx, guests)
    of_guests: dict[UUID, list[StayState]] = defaultdict(list)
    for stay in stays:
        of_guests[stay.guest_id].append(stay)
    present = lock_of_guests_and_stays(tx, guests, [stay.stay_id for stay in stays], [live.key for live in lives])
    view = StaysView(lives, _pinned(tx, lives, present), {stay.stay_id: stay for stay in stays}, of_guests)
    present = _leave(tx, view, present, at)
    if entering:
        enter(tx, _entrances(view, present), present, at)
        replan(tx, view.pinned, view.stays, present, at)


def _pinned(tx: Tx, lives: Sequence[Live], present: Sequence[Enrolment]) -> dict[Pinned, Live]:
    """The journeys in the versions that these guests entered: they finish in them."""
    found = {(live.key, live.version): live for live in lives}
    running = {live.key: live for live in lives}
    if missing := {(one.journey, one.version) for one in present} - set(found):
        for (key, version), journey in documents_of(tx, missing).items():
            found[key, version] = replace(running[key], version=version, journey=journey)
    return found


def _leave(tx: Tx, view: StaysView, present: Sequence[Enrolment], at: datetime) -> list[Enrolment]:
    """The enrolments as they stand afterwards."""
    leavings: dict[UUID, Leaving] = {}
    for one in present:
        stay = view.stay_of(one)
        if stay is None or not must_leave(one):
            continue
        reason = leaving_reason(view.live_of(one), one, stay, view.of_guests[stay.guest_id], at)
        if reason is not None:
            leavings[one.id] = Leaving(one, reason)
    leave(tx, list(leavings.values()), at)
    return [
        replace(one, state=State.EXITED, reason=str(leavings[one.id].reason), open=()) if one.id in leavings else one
        for one in present
    ]


def _entrances(view: StaysView, present: Sequence[Enrolment]) -> list[Entrance]:
    """A trip that was written about, to whomever, is entered no more."""
    mine = {(one.journey, one.guest_id, one.stay_id): one for one in present}
    went = {(one.journey, one.stay_id) for one in present if one.settled}
    found = []
    for live in view.lives:
        if not isinstance(live.journey.entry, StayDateEntry):
            continue
        for stay in view.stays.values():
            one, theirs = mine.get((live.key, stay.guest_id, stay.stay_id)), view.of_guests[stay.guest_id]
            entrance = by_stay_date(view.live_of(one) if one and one.active else live, stay, theirs)
            if entrance and not any((live.key, other.stay_id) in went for other in trip_of(stay, theirs)):
                found.append(entrance)
    return found
