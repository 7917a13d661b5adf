"""Enrol those who stand at the door of a journey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.begin import begin
from services.campaigns.commands.leave import withdraw
from services.campaigns.rules.absence import is_asked_at_entry, stands_in_the_way
from services.campaigns.rules.enrolments import Enrolment, may_enter
from services.campaigns.rules.entries import Entrance
from services.campaigns.rules.first_plan import first_plan
from services.campaigns.rules.occurrences import apart, named_apart
from services.campaigns.rules.planning import Planned
from services.campaigns.store import enrolments as store
from services.campaigns.store import entries
from services.campaigns.store.happenings import GuestEvent, last_happenings
from services.campaigns.store.stays import stays_by_guest
from shared.database.pool import Tx
from shared.vocabulary.reason import Reason

Start = tuple[Entrance, Planned]
Whose = tuple[str, UUID]  # journey and guest
Present = dict[tuple[str, UUID, str], Enrolment]  # by journey, guest and occurrence


def enter(tx: Tx, entrances: Sequence[Entrance], present: Sequence[Enrolment], at: datetime) -> int:
    """Enrol those who may, taking back what a former plan of theirs still has open; how many were.

    `present` are all enrolments of these guests in these journeys, locked by the caller.
    """
    if not entrances:
        return 0
    by_key: Present = {(one.journey, one.guest_id, one.occurrence): one for one in present}
    theirs: dict[Whose, list[Enrolment]] = defaultdict(list)
    for one in present:
        theirs[one.journey, one.guest_id].append(one)
    happened = _happened(tx, entrances)
    starts: list[Start] = []
    entering: dict[Whose, list[Entrance]] = defaultdict(list)
    superseded: dict[UUID, str] = {}
    for entrance in named_apart(entrances, present):
        whose = (entrance.live.key, entrance.guest_id)
        current = by_key.get((*whose, entrance.occurrence))
        planned = _planned(entrance, current, theirs.get(whose, ()), happened, at)
        if planned is not None and not _comes_twice(entrance, entering[whose]):
            starts.append((_newer(entrance, current), planned))
            entering[whose].append(entrance)
            superseded.update(dict.fromkeys(current.open if current else (), Reason.PLANNED_ANEW.value))
    starts = _with_room(tx, _unless_in_the_way(tx, starts, at), by_key, at)
    withdraw(tx, superseded, at)
    started = begin(tx, starts, at)
    if started < len(starts) and (late := store.crowded_out(tx, [entrance for entrance, _ in starts])):
        # Another hotel's stay of the same number took the name while this transaction waited for it.
        again = [(replace(one, occurrence=apart(one)), planned) for one, planned in starts if one in late]
        started += begin(tx, again, at)
    return started


def _newer(entrance: Entrance, current: Enrolment | None) -> Entrance:
    """A stay's date may be planned anew by what became of another stay: its own version is no greater then."""
    if current is None or entrance.plan > current.plan:
        return entrance
    return replace(entrance, plan=current.plan + 1)


def _unless_in_the_way(tx: Tx, starts: Sequence[Start], at: datetime) -> list[Start]:
    """Who is in house or booked is not let in where the journey keeps away from them; their story says so."""
    asked = {one.guest_id for one, _ in starts if is_asked_at_entry(one.live.journey)}
    if not asked:
        return list(starts)
    stays = stays_by_guest(tx, sorted(asked))
    found = []
    for entrance, planned in starts:
        journey, theirs = entrance.live.journey, stays.get(entrance.guest_id, ())
        refused = planned.refused
        if refused is None and is_asked_at_entry(journey):
            refused = stands_in_the_way(journey, entrance.stay_id, theirs, at)
        found.append((entrance, replace(planned, refused=refused)))
    return found


def _comes_twice(entrance: Entrance, entering: Sequence[Entrance]) -> bool:
    """Another occasion of the same guest enters just now, and the journey has days between the two."""
    days = entrance.live.journey.again_after
    return days is not None and any(
        one.occurrence != entrance.occurrence and abs(one.at - entrance.at) < days for one in entering
    )


def _with_room(tx: Tx, starts: Sequence[Start], present: Present, at: datetime) -> list[Start]:
    """Where the author set how many may enter, the first who come; who finds no room is counted. Who is planned anew
    is in already."""
    limited: dict[str, list[Start]] = {}
    found = []
    for start in starts:
        entrance = start[0]
        is_new = (entrance.live.key, entrance.guest_id, entrance.occurrence) not in present
        if is_new and entrance.live.journey.room is not None and start[1].refused is None:
            limited.setdefault(entrance.live.key, []).append(start)
        else:
            found.append(start)
    for key, wanted in sorted(limited.items()):
        room = wanted[0][0].live.journey.room
        assert room is not None
        free = room.left(*entries.lock_room(tx, key, at))
        ordered = sorted(wanted, key=lambda start: (start[0].at, start[0].guest_id))
        found.extend(ordered[:free])
        entries.count(tx, key, len(ordered[:free]), len(ordered[free:]), at)
    return found


def lock_and_enter(tx: Tx, entrances: Sequence[Entrance], at: datetime) -> int:
    """The same, where nobody has locked them yet."""
    if not entrances:
        return 0
    guests = list(dict.fromkeys(entrance.guest_id for entrance in entrances))
    present = store.lock_of_guests(tx, guests, sorted({entrance.live.key for entrance in entrances}))
    return enter(tx, entrances, present, at)


def _planned(
    entrance: Entrance,
    current: Enrolment | None,
    theirs: Sequence[Enrolment],
    happened: dict[GuestEvent, datetime],
    at: datetime,
) -> Planned | None:
    """`theirs`: all enrolments of the guest in the journey."""
    others = [one for one in theirs if one is not current]
    if _ended_since(entrance, happened) or not may_enter(entrance, current, others):
        return None
    return first_plan(entrance, at)


def _happened(tx: Tx, entrances: Sequence[Entrance]) -> dict[GuestEvent, datetime]:
    events = sorted({event for entrance in entrances for event in entrance.live.journey.exit_events})
    return last_happenings(tx, [entrance.guest_id for entrance in entrances], events) if events else {}


def _ended_since(entrance: Entrance, happened: dict[GuestEvent, datetime]) -> bool:
    """An exit that was handled before the entrance it belongs to."""
    moments = (happened.get((entrance.guest_id, event)) for event in entrance.live.journey.exit_events)
    return any(moment is not None and moment > entrance.at for moment in moments)
