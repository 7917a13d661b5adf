"""Dates of stays moved: waits for them are planned again, messages that were asked for by them are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.begin import begin
from services.campaigns.commands.leave import withdraw
from services.campaigns.rules import stay_dates, stay_turns
from services.campaigns.rules.enrolments import COMES_BACK, Enrolment, State
from services.campaigns.rules.entries import Entrance, Live, StayState, dates_told, of_stay
from services.campaigns.rules.occurrences import named_apart
from services.campaigns.rules.replanning import Moved, Standing, goes_on, replanned
from services.campaigns.store import replanning as store
from services.campaigns.store.enrolments import enrolment_id
from services.campaigns.store.journeys import Pinned, documents_of
from shared.database.pool import Tx
from shared.vocabulary.reason import Reason

HANDED_ON = frozenset({Reason.MERGED, Reason.STAY_MOVED})


@dataclass(frozen=True)
class OfStay:
    """An enrolment with what it follows."""

    enrolment: Enrolment
    live: Live
    stay: StayState


def replan(
    tx: Tx, pinned: Mapping[Pinned, Live], stays: Mapping[UUID, StayState], present: Sequence[Enrolment], at: datetime
) -> None:
    """1. waits and open messages whose instant moved  2. what had ended with a stay that stands again goes on
    3. what was half done for a guest whose stay is another's now goes on for the other

    `present`: as they stood before anybody entered.
    """
    followed = [
        OfStay(one, pinned[one.journey, one.version], stays[one.stay_id])
        for one in present
        if one.stay_id and one.stay_id in stays and pinned[one.journey, one.version].journey.waits_for_dates
    ]
    standing = store.standing_of(tx, [one.enrolment.id for one in followed]) if followed else {}
    mine = [one for one in followed if one.enrolment.guest_id == one.stay.guest_id]
    moves = [(one, moved) for one in mine if (moved := _moved(one, standing[one.enrolment.id]))]
    withdraw(tx, {id_: Reason.PLANNED_ANEW.value for _, moved in moves for id_ in moved.withdrawn}, at)
    store.move(tx, [_to(one.enrolment.id, one.live, moved) for one, moved in moves], at)
    store.keep_dates(tx, {one.enrolment.id: dates_told(one.stay) for one in mine})
    _hand_on(tx, followed, standing, present, at)


def replan_days(tx: Tx, entrances: Sequence[Entrance], present: Sequence[Enrolment], at: datetime) -> None:
    """Days of the house's own dates moved, by which somebody had been written to already: what is still to come is
    planned by the new day. `present`: as they stood before anybody entered."""
    standing = {(one.journey, one.guest_id, one.occurrence): one for one in present if one.settled and _goes_on(one)}
    followed = [
        (one, entrance)
        for entrance in named_apart([one for one in entrances if one.live.journey.follows_own_date], present)
        if (one := standing.get((entrance.live.key, entrance.guest_id, entrance.occurrence)))
        and entrance.plan > one.plan
    ]
    if not followed:
        return
    planned = store.standing_of(tx, [one.id for one, _ in followed])
    documents = documents_of(tx, {(one.journey, one.version) for one, _ in followed})
    moves = []
    dates = {}
    for one, entrance in followed:
        dates[one.id] = {name: str(day) for name, day in entrance.data.items() if name != "cause"}
        live = replace(entrance.live, version=one.version, journey=documents[one.journey, one.version])
        plan_anew = replanned if one.active else goes_on
        if moved := plan_anew(live.journey, planned[one.id], dates[one.id]):
            moves.append(_to(one.id, live, moved))
    withdraw(tx, {id_: Reason.PLANNED_ANEW.value for _, _, moved, _ in moves for id_ in moved.withdrawn}, at)
    store.move(tx, moves, at)
    store.keep_dates(tx, dates)


def _goes_on(one: Enrolment) -> bool:
    """It waits, or was ended by a day that moved."""
    return one.active or (one.state is State.EXITED and one.reason == Reason.DATE_UNKNOWN)


def _moved(one: OfStay, standing: Standing) -> Moved | None:
    journey, dates = one.live.journey, dates_told(one.stay)
    if standing.waits or standing.open:
        return replanned(journey, standing, dates)
    ended = one.enrolment.state is State.EXITED and one.enrolment.reason in COMES_BACK
    return goes_on(journey, standing, dates) if ended and one.enrolment.settled and _stands(one) else None


def _stands(one: OfStay) -> bool:
    """Whether nothing of the stay ends the enrolment now."""
    if stay_turns.leaving_reason(one.live.journey, one.enrolment, one.stay):
        return False
    return stay_dates.leaving_reason(one.live, one.enrolment, one.stay, (), one.enrolment.entered_at) is None


def _to(id_: UUID, live: Live, moved: Moved) -> tuple[UUID, str, Moved, State]:
    place = moved.planned.place
    assert place is not None
    return id_, live.journey.steps[place].key, moved, State.PAUSED if live.paused else State.WAITING


def _hand_on(
    tx: Tx,
    followed: Sequence[OfStay],
    standing: Mapping[UUID, Standing],
    present: Sequence[Enrolment],
    at: datetime,
) -> None:
    there = {(one.journey, one.guest_id, one.stay_id) for one in present}
    handed = [
        (one, entrance, moved)
        for one, moved in _handed_on(followed, standing)
        if (one.live.key, one.stay.guest_id, one.stay.stay_id) not in there
        for entrance in named_apart([_entrance(one)], present)
    ]
    begin(tx, [(entrance, moved.planned) for _, entrance, moved in handed], at)
    store.move(tx, [_to(enrolment_id(entrance), one.live, moved) for one, entrance, moved in handed], at)


def _handed_on(followed: Sequence[OfStay], standing: Mapping[UUID, Standing]) -> Iterator[tuple[OfStay, Moved]]:
    """Of messages that went some are behind them, the rest is still to come."""
    for one in followed:
        was = one.enrolment
        if was.guest_id == one.stay.guest_id or not was.settled or was.reason not in HANDED_ON:
            continue
        moved = goes_on(one.live.journey, standing[was.id], dates_told(one.stay))
        if moved is not None and _stands(_as_theirs(one)):
            yield one, moved


def _as_theirs(one: OfStay) -> OfStay:
    theirs = replace(one.enrolment, guest_id=one.stay.guest_id, open=())
    return OfStay(theirs, one.live, one.stay)


def _entrance(one: OfStay) -> Entrance:
    data = {"cause": Reason.STAY_MOVED.value, "reservation": one.stay.reservation, **dates_told(one.stay)}
    return of_stay(one.live, one.stay, one.enrolment.entered_at, data)
