"""Sweep: time alone moves guests across the borders of relative rules, at their own midnight."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from services.segments.commands.evaluation.publish_changes import evaluate_and_publish
from services.segments.store.evaluation import facts, rulesets, sweeping
from services.segments.store.evaluation.statement import Asked, Turn
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx
from shared.localtime import local_date, local_instant

LOOK_AHEAD_DAYS = 10
TURNS_AT_ONCE = 64  # days times zones: a long outage is caught up in few questions, and not all of it lies in memory
day_of = attrgetter("day")


def sweep(tx: Tx, now: datetime) -> int:
    """Moves the guests whom time alone moves: every zone whose day has turned since it was last swept, day by day."""
    rules = rulesets.rules_for_evaluation(tx)
    due = sweeping.lock_due_zones(tx, now)
    return sweep_zones(tx, rules, due, {zone: local_date(now, zone) for zone, _ in due}, now)


def sweep_carefully(tx: Tx, now: datetime) -> int:
    """The same, where it raised: what fails alone is set aside, the other zones turn."""
    rules = rulesets.rules_for_evaluation(tx)
    due = sweeping.lock_due_zones(tx, now)
    failed = work_in_halves(
        tx, due, lambda some: sweep_zones(tx, rules, some, {zone: local_date(now, zone) for zone, _ in some}, now)
    )
    set_aside(tx, sweeping.ROLE, [Item(one.zone, one.zone, reason) for one, reason in failed], now)
    return len(due)


def sweep_zones(
    tx: Tx, rules: rulesets.Ruleset, due: Sequence[sweeping.DueZone], upto: Mapping[str, date], now: datetime
) -> int:
    """A guest who would have entered and left during an outage enters and leaves: each day is evaluated as that day."""
    by_day: dict[date, list[str]] = {}
    for zone, swept_to in due:
        for ahead in range((upto[zone] - swept_to).days):
            by_day.setdefault(swept_to + timedelta(days=ahead + 1), []).append(zone)
    busy: set[str] = set()
    for days in together(by_day, 1 if rules.timed else TURNS_AT_ONCE):
        moved = sweeping.crossing(tx, rules.borders, [(zone, day) for day in days for zone in by_day[day]])
        for day, crossings in groupby(sorted(moved, key=day_of), key=day_of):
            busy |= turn(tx, rules, day, by_day[day], list(crossings), now)
    sweeping.mark_swept(tx, next_turns(tx, rules, {zone: upto[zone] for zone, _ in due}, busy))
    return len(due)


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


@lru_cache(maxsize=4096)
def time_reason(fact: str, day: date) -> str:
    return json.dumps({"date": day.isoformat(), "fact": fact, "kind": "time"})


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """The instant at which a calendar day begins."""
    return local_instant(day, time(0), zone)
