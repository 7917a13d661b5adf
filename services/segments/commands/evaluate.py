"""Evaluate: guests whose facts moved, and everybody range by range. What changed in segments in use is said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.segments.rules.language.borders import next_birthday
from services.segments.store import evaluation, facts, rulesets, sweeping
from services.segments.store.evaluation import Asked, Change, Turn
from shared.database import Database, Tx
from shared.events.dictionary import Chunk, event_type
from shared.localtime import local_date, local_instant
from shared.outbox import say

MOST_AT_ONCE = 20_000
CHANGED = event_type("audience.changed.v1")


@dataclass(frozen=True)
class Moved:
    """A guest whose profile or stays changed, and what did it (as in `AudienceChanged.because`)."""

    guest_id: UUID
    because: Mapping[str, Any]


def evaluate_moved(tx: Tx, moved: Sequence[Moved], at: datetime) -> None:
    """Brings these guests' facts and memberships up to date; of a guest named twice the last reason counts."""
    because = {one.guest_id: json.dumps(one.because, sort_keys=True) for one in moved}
    if not because:
        return
    rules = rulesets.rules_for_evaluation(tx)
    located = facts.lock_guests(tx, sorted(because))
    today = {zone: local_date(at, zone) for zone in {guest.zone for guest in located}}
    turns = {zone: Turn(zone, day, at) for zone, day in today.items()}
    keep_turns(tx, rules, located, today, at)
    facts.refresh_facts(tx, [guest.guest_id for guest in located])
    judge(tx, rules, [Asked(guest.guest_id, turns[guest.zone], because[guest.guest_id]) for guest in located], at)


def judge(tx: Tx, rules: rulesets.Ruleset, asked: Sequence[Asked], at: datetime) -> None:
    """Evaluates guests whose facts are current and who are locked."""
    for start in range(0, len(asked), MOST_AT_ONCE):
        changes = evaluation.evaluate_guests(tx, rules.of_guests, asked[start : start + MOST_AT_ONCE])
        announce(tx, rules, changes, at)


def keep_turns(
    tx: Tx,
    rules: rulesets.Ruleset,
    located: Sequence[facts.Located],
    today: Mapping[str, date],
    at: datetime,
) -> None:
    """Sees to it that the sweep visits these guests' zones tomorrow, and has visited them on every day before today."""
    next_sweep = {guest.zone: guest.next_sweep for guest in located}
    tomorrow = {zone: midnight(day + timedelta(days=1), zone) for zone, day in today.items()}
    late = [z for z, due in next_sweep.items() if due is not None and due < midnight(today[z], z)]
    if late:
        sweep_zones(
            tx, rules, sweeping.lock_due_zones(tx, at, late), {z: today[z] - timedelta(days=1) for z in late}, at
        )
    sooner = {z: (today[z], tomorrow[z]) for z, due in next_sweep.items() if due is None or due > tomorrow[z]}
    if sooner:
        sweeping.know_zones(tx, sooner)


def sweep(tx: Tx, now: datetime) -> int:
    """Moves whom time alone moves: every zone whose day has turned since it was last looked at, day by day."""
    rules = rulesets.rules_for_evaluation(tx)
    due = sweeping.lock_due_zones(tx, now)
    return sweep_zones(tx, rules, due, {zone: local_date(now, zone) for zone, _ in due}, now)


def sweep_zones(
    tx: Tx, rules: rulesets.Ruleset, due: Sequence[sweeping.DueZone], upto: Mapping[str, date], now: datetime
) -> int:
    """A guest who would have entered and left during an outage enters and leaves: each day is evaluated as that day."""
    by_day: dict[date, list[str]] = {}
    for zone, swept_to in due:
        for ahead in range((upto[zone] - swept_to).days):
            by_day.setdefault(swept_to + timedelta(days=ahead + 1), []).append(zone)
    for day, zones in sorted(by_day.items()):
        turn(tx, rules, day, zones, now)
    sweeping.mark_swept(tx, {z.zone: (upto[z.zone], midnight(upto[z.zone] + timedelta(days=1), z.zone)) for z in due})
    return len(due)


def turn(tx: Tx, rules: rulesets.Ruleset, day: date, zones: Sequence[str], now: datetime) -> None:
    """The day turns in these zones: who may cross a border is evaluated, as of her midnight."""
    found = {one.guest_id: one for one in sweeping.crossing(tx, rules.borders, [(zone, day) for zone in zones])}
    if not found:
        return
    turns = {zone: Turn(zone, day, midnight(day, zone)) for zone in zones}
    asked = [
        Asked(guest.guest_id, turns[guest.zone], time_reason(found[guest.guest_id].fact, day))
        for guest in facts.lock_guests(tx, sorted(found))
    ]
    judge(tx, rules, asked, now)


@lru_cache(maxsize=4096)
def time_reason(fact: str, day: date) -> str:
    return json.dumps({"date": day.isoformat(), "fact": fact, "kind": "time"})


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """The instant at which a calendar day begins."""
    return local_instant(day, time(0), zone)


def announce(tx: Tx, rules: rulesets.Ruleset, changes: Sequence[Change], at: datetime) -> None:
    """Says who entered or left; each with what her rule may have read."""
    if not changes:
        return
    guests, segments, versions, entered, initial, instants, zones, *_ = zip(*changes, strict=True)
    columns: dict[str, list[Any]] = {
        "guest_id": list(guests),
        "segment": [rules.keys[segment] for segment in segments],
        "version": list(versions),
        "entered": list(entered),
        "initial": list(initial),
        "at": list(instants),
        "zone": list(zones),
        "because": [enriched(change) for change in changes],
    }
    say(tx, Chunk(CHANGED, columns), at=at)


def enriched(change: Change) -> dict[str, Any]:
    because: dict[str, Any] = {"kind": "initial"} if change.initial else dict(reason_in(change.because))
    if change.birth_date is not None:
        because["birthday"] = next_birthday(change.birth_date, change.today).isoformat()
    if change.last_stay_id is not None and change.last_checkout_on is not None:
        because["last_stay"] = {
            "stay_id": change.last_stay_id,
            "reservation": change.last_reservation,
            "property": change.last_property,
            "checked_out_on": change.last_checkout_on.isoformat(),
        }
    return because


@lru_cache(maxsize=1024)
def reason_in(text: str) -> dict[str, Any]:
    reason: dict[str, Any] = json.loads(text)
    return reason


def evaluate_all(database: Database, at: datetime, *, initial: bool = False) -> int:
    """Evaluates every guest, range by range; returns the ranges done. Killed, it goes on where it was.

    Changes in segments not yet evaluated for everybody are initial anyway; with `initial` all of them are.
    """
    done = 0
    with database.transaction() as tx:
        sweep(tx, at)
        begin(tx, at, initial=initial)
    while True:
        with database.transaction() as tx:
            if not evaluate_next_range(tx, at):
                return done
        done += 1


def begin(tx: Tx, at: datetime, *, initial: bool) -> None:
    """Plans a walk over all guests, unless one over the same rules is under way."""
    tx.execute(
        """
        insert into evaluation_run as r (digest, initial, started_at)
        select digest, %(initial)s, %(at)s from ruleset
        on conflict (single) do update
            set digest = excluded.digest, after = null, initial = excluded.initial, started_at = excluded.started_at
            where r.digest <> excluded.digest
        """,
        {"initial": initial, "at": at},
    )


def evaluate_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the walk that is under way; at its end no segment is fresh any more. False where none is."""
    rulesets.lock_rules(tx)
    rules = rulesets.current_rules(tx)
    run = tx.execute("select digest, after, initial from evaluation_run for update").fetchone()
    if run is None:
        return False
    digest, after, initial = run
    if digest != rules.digest:  # the rules were changed meanwhile: from the start
        tx.execute("update evaluation_run set digest = %s, after = null", [rules.digest])
        after = None
    upto = facts.end_of_range(tx, after, MOST_AT_ONCE)
    if upto is None:
        finish(tx, rules, at)
        return False
    days = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    because = json.dumps({"kind": "initial"} if initial else {"kind": "guest", "what": "repair"})
    announce(tx, rules, evaluation.evaluate_range(tx, rules.of_range, after, upto, days, at, because), at)
    tx.execute("update evaluation_run set after = %s", [upto])
    return True


def finish(tx: Tx, rules: rulesets.Ruleset, at: datetime) -> None:
    tx.execute("delete from evaluation_run")
    if rules.fresh:
        tx.execute("update segment set evaluated_at = %s where number = any(%s)", [at, list(rules.fresh)])
        rulesets.renew_digest(tx)


def planned_walk(tx: Tx) -> datetime | None:
    """Since when a walk over all guests is wanted; None where none is."""
    row = tx.execute("select started_at from evaluation_run").fetchone()
    return row[0] if row else None
