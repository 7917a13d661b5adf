"""A day of the calendar comes: whoever is in the audience enters the journey, range by range, each zone at its hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.campaigns.commands.calendars import days_known
from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.calendar_turns import by_calendar, first_turn, following
from services.campaigns.rules.entries import Entrance, Live
from services.campaigns.rules.paces import own_start, told, turn_start, usual_hour
from services.campaigns.steps.calendars import Named
from services.campaigns.steps.entries import CalendarEntry
from services.campaigns.store import calendars as store
from services.campaigns.store import moments
from services.campaigns.store.calendars import CalendarTurn, Inside
from services.campaigns.store.journeys import live_journeys
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx

ROLE = "calendar"
A_RANGE = 20_000


@dataclass(frozen=True)
class OfCalendar:
    """A journey that runs by the calendar, and the days of it that stand in the table."""

    live: Live
    entry: CalendarEntry
    known: Sequence[date]


def plan_turns(tx: Tx, at: datetime, *, anew: Sequence[str] = ()) -> None:
    """Each journey by the calendar has its next day wherever guests live. `anew`: those whose days changed; what has
    come already goes on."""
    store.forget(tx, anew, at)
    running = {one.live.key: one for one in _running(tx, at)}
    by_zone = [key for key, one in running.items() if one.entry.hotel is None]
    wanted = [(key, zone, False) for key, zone in (store.zones_without_turn(tx, by_zone) if by_zone else ())]
    for key, one in running.items():
        if one.entry.hotel is not None and not store.has_turn(tx, key):
            wanted.append((key, store.zone_of_hotel(tx, one.entry.hotel) or "UTC", True))
    turns: list[store.Turn] = []
    for key, zone, everybody in wanted:
        day, instant = first_turn(running[key].entry, zone, at, running[key].known) or (None, None)
        turns.append((key, zone, everybody, day, instant))
    if turns:
        store.keep_turns(tx, turns)


def _running(tx: Tx, at: datetime, key: str | None = None) -> list[OfCalendar]:
    return [
        OfCalendar(live, live.journey.entry, _known(tx, live.journey.entry, at))
        for live in live_journeys(tx, at)
        if isinstance(live.journey.entry, CalendarEntry) and key in (None, live.key)
    ]


def _known(tx: Tx, entry: CalendarEntry, at: datetime) -> list[date]:
    return days_known(tx, entry.calendar, at) if isinstance(entry.calendar, Named) else []


def turn_calendar(tx: Tx, at: datetime, *, most: int = A_RANGE, careful: bool = False) -> int:
    """Let in the next range of the day that came first; 1 where there was one. Died in between, it begins where it was;
    after an outage each day that passed has its turn. Careful, a guest who cannot be let in is set aside."""
    turn = store.claim_due(tx, at)
    if turn is None:
        return 0
    found = _running(tx, at, turn.journey)
    if not found:
        store.next_day(tx, turn, None)
        return 1
    (one,) = found
    members = store.inside_after(tx, turn, one.entry.audience, one.entry.left_out, most)
    _let_in(tx, turn, entrances_of(tx, one, turn, members), at, careful)
    if len(members) == most:
        store.move_on(tx, turn, members[-1].guest_id, len(members))
    else:
        store.next_day(tx, turn, following(one.entry, turn.zone, turn.day, one.known))
    return 1


def _let_in(tx: Tx, turn: CalendarTurn, entrances: Sequence[Entrance], at: datetime, careful: bool) -> None:
    if not careful:
        lock_and_enter(tx, entrances, at)
        return
    failed = work_in_halves(tx, entrances, lambda some: lock_and_enter(tx, some, at))
    items = [
        Item(f"{turn.journey} {turn.day} {one.guest_id}", turn.journey, reason, one.guest_id) for one, reason in failed
    ]
    set_aside(tx, ROLE, items, at)


def entrances_of(tx: Tx, of: OfCalendar, turn: CalendarTurn, members: Sequence[Inside]) -> list[Entrance]:
    """All at once, each in their turn, or each at their own hour; none before the day has begun."""
    live, entry = of.live, of.entry
    if entry.an_hour is not None:
        starts = [turn_start(entry, turn.day, turn.zone, turn.let_in + place) for place in range(len(members))]
        return [
            by_calendar(live, one.guest_id, one.zone, turn.day, turn.at, start)
            for one, start in zip(members, starts, strict=True)
        ]
    if not entry.own_hour:
        return [by_calendar(live, one.guest_id, one.zone, turn.day, turn.at) for one in members]
    hours = moments.hours_of(tx, {one.guest_id: one.zone for one in members})
    usual = {one.guest_id: usual_hour(hours.get(one.guest_id, ())) for one in members}
    return [
        by_calendar(
            live,
            one.guest_id,
            one.zone,
            turn.day,
            turn.at,
            max(own_start(entry, turn.day, one.zone, usual[one.guest_id]), turn.at),
            told(usual[one.guest_id]),
        )
        for one in members
    ]
