"""Sweep: time alone moves guests across the borders of relative rules, at their own midnight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from services.segments.commands.evaluation.publish_changes import MOST_AT_ONCE, evaluate_and_publish
from services.segments.commands.evaluation.sweep_parts import finish_parts
from services.segments.commands.evaluation.turns import midnight, time_reason
from services.segments.store.evaluation import facts, rulesets, sweep_parts, sweeping
from services.segments.store.evaluation.statement import Asked, Turn
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx
from shared.localtime import local_date

LOOK_AHEAD_DAYS = 10
TURNS_AT_ONCE = 64  # days times zones: a long outage is caught up in few questions, and not all of it lies in memory
day_of = attrgetter("day")


def sweep(tx: Tx, now: datetime, *, in_parts: bool = False) -> int:
    """Moves the guests whom time alone moves: every zone whose day has turned since it was last swept, day by day.

    With `in_parts`, a today that may move more guests than one transaction should hold is laid out for `sweep_parts`.
    """
    rules = rulesets.rules_for_evaluation(tx)
    due = sweeping.lock_due_zones(tx, now)
    return sweep_zones(tx, rules, due, _today(due, now), now, in_parts=in_parts)


def sweep_carefully(tx: Tx, now: datetime) -> int:
    """The same, where it raised: what fails alone is set aside, the other zones turn."""
    rules = rulesets.rules_for_evaluation(tx)
    due = sweeping.lock_due_zones(tx, now)
    failed = work_in_halves(tx, due, lambda some: sweep_zones(tx, rules, some, _today(some, now), now, in_parts=True))
    set_aside(tx, sweeping.ROLE, [Item(one.zone, one.zone, reason) for one, reason in failed], now)
    return len(due)


def _today(due: Sequence[sweeping.DueZone], now: datetime) -> dict[str, date]:
    """Raises where a zone is none."""
    return {zone: local_date(now, zone) for zone, _ in due}


def sweep_zones(
    tx: Tx,
    rules: rulesets.Ruleset,
    due: Sequence[sweeping.DueZone],
    upto: Mapping[str, date],
    now: datetime,
    *,
    in_parts: bool = False,
) -> int:
    """A guest who would have entered and left during an outage enters and leaves: each day is evaluated as that day."""
    finish_parts(tx, rules, [zone for zone, _ in due], now)
    by_day: dict[date, list[str]] = {}
    for zone, swept_to in due:
        for ahead in range((upto[zone] - swept_to).days):
            by_day.setdefault(swept_to + timedelta(days=ahead + 1), []).append(zone)
    busy: set[str] = set()
    for days in together(by_day, 1 if rules.timed else TURNS_AT_ONCE):
        turns = [(zone, day) for day in days for zone in by_day[day]]
        moved = sweeping.crossing(tx, rules.borders, turns, MOST_AT_ONCE + 1 if in_parts else None)
        if in_parts and len(moved) > MOST_AT_ONCE:
            heavy = lay_out_heavy(tx, rules, turns, now)
            busy.update(zone for zone, _ in heavy)
            moved = sweeping.crossing(tx, rules.borders, [one for one in turns if one not in heavy])
        for day, crossings in groupby(sorted(moved, key=day_of), key=day_of):
            busy |= turn(tx, rules, day, by_day[day], list(crossings), now)
    sweeping.mark_swept(tx, next_turns(tx, rules, {zone: upto[zone] for zone, _ in due}, busy))
    return len(due)


def lay_out_heavy(
    tx: Tx, rules: rulesets.Ruleset, turns: Sequence[tuple[str, date]], now: datetime
) -> set[tuple[str, date]]:
    """Lays out in parts the days that may move too many guests for this transaction, and returns them.

    Only what is today in its zone: who is evaluated before a part is, is then evaluated as of the same day.
    """
    today = [(zone, day) for zone, day in turns if day == local_date(now, zone)]
    counts = sweeping.count_crossing(tx, rules.borders, today)
    heavy = [one for one in today if counts.get(one, 0) > MOST_AT_ONCE]
    sweep_parts.lay_out(tx, rules.borders, heavy, MOST_AT_ONCE, now)
    return set(heavy)


def together(by_day: Mapping[date, Sequence[str]], most: int) -> Iterator[list[date]]:
    """The days in order, in runs of `most` turns, or of one day, whose crossings are looked up at once: facts stand
    still while days are caught up. For how long somebody was in a segment does not: those days come one by one.
    """
    run: list[date] = []
    turns = 0
    for day, zones in sorted(by_day.items()):
        if run and turns + len(zones) > most:
            yield run
            run, turns = [], 0
        run.append(day)
        turns += len(zones)
    if run:
        yield run


def next_turns(
    tx: Tx, rules: rulesets.Ruleset, swept: Mapping[str, date], busy: Collection[str]
) -> dict[str, tuple[date, datetime]]:
    """When each zone is swept next: tomorrow; where today moved nobody, the first day that may move someone."""
    following = {zone: day + timedelta(days=1) for zone, day in swept.items()}
    quiet = [zone for zone in swept if zone not in busy]
    ahead = [(zone, swept[zone] + timedelta(days=days)) for zone in quiet for days in range(1, LOOK_AHEAD_DAYS + 1)]
    for zone in quiet:
        following[zone] = swept[zone] + timedelta(days=LOOK_AHEAD_DAYS + 1)
    for one in sweeping.crossing(tx, rules.borders, ahead):
        following[one.zone] = min(following[one.zone], one.day)
    return {zone: (day - timedelta(days=1), midnight(day, zone)) for zone, day in following.items()}


def sweep_tomorrow(tx: Tx, at: datetime) -> None:
    """Each zone is swept on its next day, whatever was planned: rules are others, or what they read was filled in."""
    today = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    following = {zone: day + timedelta(days=1) for zone, day in today.items()}
    sweeping.know_zones(tx, {zone: (today[zone], midnight(day, zone)) for zone, day in following.items()})


def turn(
    tx: Tx,
    rules: rulesets.Ruleset,
    day: date,
    zones: Sequence[str],
    crossings: Sequence[sweeping.Crossing],
    now: datetime,
) -> set[str]:
    """The day turns in these zones: who may cross a border is evaluated, as of their midnight. Returns their zones."""
    found = {one.guest_id: one for one in crossings}
    turns = {zone: Turn(zone, day, midnight(day, zone)) for zone in zones}
    asked = [
        Asked(guest.guest_id, turns[guest.zone], time_reason(found[guest.guest_id].fact, day))
        for guest in facts.lock_guests(tx, sorted(found))
    ]
    evaluate_and_publish(tx, rules, asked, now)
    return {one.turn.zone for one in asked}
