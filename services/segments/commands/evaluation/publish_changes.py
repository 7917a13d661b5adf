"""Evaluate guests whose facts are current, and publish what changed in segments in use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.broken_rules import evaluated
from services.segments.facts.families.birthdays import is_leap_day, next_anniversary, next_birthday
from services.segments.facts.families.lunar import next_lunar_birthday
from services.segments.store.evaluation import rulesets
from services.segments.store.evaluation import statement as evaluation
from services.segments.store.evaluation.statement import Asked, Change
from services.segments.store.guests.dates import NextDay, next_days
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, event_type

MOST_AT_ONCE = 20_000
LUNAR_BIRTHDAY, FIRST_STAY = "lunar-birthday", "first-stay"
OF_OWN_DATES = "journeys-own-"
OF_DATES = tuple(f"journeys-{name}-" for name in (LUNAR_BIRTHDAY, FIRST_STAY))
CHANGED = event_type("audience.changed.v1")


def evaluate_and_publish(tx: Tx, rules: rulesets.Ruleset, asked: Sequence[Asked], at: datetime) -> None:
    """Evaluates guests whose facts are current and who are locked."""
    for start in range(0, len(asked), MOST_AT_ONCE):
        some = asked[start : start + MOST_AT_ONCE]
        publish_changes(tx, rules, evaluated(tx, rules, partial(_evaluate, tx, some), at), at)


def _evaluate(tx: Tx, asked: Sequence[Asked], rules: rulesets.Ruleset) -> list[Change]:
    return evaluation.evaluate_guests(tx, rules.of_guests, asked)


def evaluate_range_and_publish(
    tx: Tx, rules: rulesets.Ruleset, guests: str, days: Mapping[str, date], as_of: datetime, because: str, at: datetime
) -> None:
    """The same of a range, or of a part of one: arguments as `statement.evaluate_range` takes them."""

    def evaluate(rules: rulesets.Ruleset) -> list[Change]:
        return evaluation.evaluate_range(tx, rules.of_range, guests, days, as_of, because)

    publish_changes(tx, rules, evaluated(tx, rules, evaluate, at), at)


def publish_changes(tx: Tx, rules: rulesets.Ruleset, changes: Sequence[Change], at: datetime) -> None:
    """Publishes who entered or left; each with what a message to them may need."""
    if not changes:
        return
    days = _own_days(tx, rules, changes)
    guests, segments, versions, entered, initial, instants, zones, *_ = zip(*changes, strict=True)
    times = list(map(len, segments))
    columns = {
        "guest_id": each(guests, times),
        "segment": [rules.keys[segment] for segment in chain.from_iterable(segments)],
        "version": each(versions, times),
        "entered": each(entered, times),
        "initial": each(initial, times),
        "at": each(instants, times),
        "zone": each(zones, times),
        "because": each(
            (enriched(change, _needs_dates(rules, change)) | _own_day(rules, change, days) for change in changes),
            times,
        ),
    }
    publish(tx, Chunk(CHANGED, columns), at=at)


def each(values: Iterable[Any], times: Sequence[int]) -> list[Any]:
    """Each value so many times."""
    return list(chain.from_iterable(map(repeat, values, times)))


def _needs_dates(rules: rulesets.Ruleset, change: Change) -> bool:
    """Whether a journey enters by it that counts from another date than the birthday."""
    return any(rules.keys[segment].startswith(OF_DATES) for segment in change.segments)


def _own_dates(rules: rulesets.Ruleset, change: Change) -> list[str]:
    """The keys of the house's own dates by which journeys enter that listen to it."""
    keys = (rules.keys[segment] for segment in change.segments)
    return [key.removeprefix(OF_OWN_DATES).rpartition("-")[0] for key in keys if key.startswith(OF_OWN_DATES)]


def _own_days(tx: Tx, rules: rulesets.Ruleset, changes: Sequence[Change]) -> dict[UUID, dict[str, NextDay]]:
    """By guest and date, where a journey enters by one."""
    wanted = [(change, dates) for change in changes if (dates := _own_dates(rules, change))]
    if not wanted:
        return {}
    guests = {UUID(change.guest_id): change.today for change, _ in wanted}
    return next_days(tx, guests, sorted({key for _, dates in wanted for key in dates}))


def _own_day(rules: rulesets.Ruleset, change: Change, days: Mapping[UUID, Mapping[str, NextDay]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = days.get(UUID(change.guest_id), {}) if days else {}
    for key in _own_dates(rules, change) if known else ():
        if one := known.get(key):
            found[f"own:{key}"] = one.day.isoformat()
            if not one.yearly:
                found["once"] = True
            elif one.is_leap_day:
                found["leap"] = "02-29"
    return found


def enriched(change: Change, needs_dates: bool = False) -> dict[str, Any]:
    """`needs_dates`: told too are the next birthday by the lunar calendar, and anniversary of the first stay."""
    because: dict[str, Any] = {"kind": "initial"} if change.initial else dict(reason_in(change.because))
    if change.birth_date is not None:
        because["birthday"] = next_birthday(change.birth_date, change.today).isoformat()
        if is_leap_day(change.birth_date):
            because["born"] = "02-29"
    if needs_dates:
        because |= _dates(change)
    if change.last_stay_id is not None and change.last_checkout_on is not None:
        because["last_stay"] = {
            "stay_id": change.last_stay_id,
            "reservation": change.last_reservation,
            "property": change.last_property,
            "checked_out_on": change.last_checkout_on.isoformat(),
        }
    return because


def _dates(change: Change) -> dict[str, str]:
    lunar = next_lunar_birthday(change.birth_date, change.today) if change.birth_date else None
    first = next_anniversary(change.first_arrival_on, change.today) if change.first_arrival_on else None
    found = {LUNAR_BIRTHDAY: lunar, FIRST_STAY: first}
    return {name: day.isoformat() for name, day in found.items() if day}


@lru_cache(maxsize=1024)
def reason_in(text: str) -> dict[str, Any]:
    reason: dict[str, Any] = json.loads(text)
    return reason
