"""The turn of a day for very many guests: in parts, which several take, each in a transaction of its own.

A part is of its zone's today: whoever is evaluated meanwhile for another reason is evaluated as of the same day, and
the part then finds nothing to change. What is left of a day when the next one turns is evaluated first, by whoever
turns it. Who takes a part waits for nobody while it holds guests, as in an evaluation of everybody (`full_evaluation`).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from services.segments.commands.evaluation.at_once import Transaction, by_several
from services.segments.commands.evaluation.publish_changes import evaluate_and_publish, evaluate_range_and_publish
from services.segments.commands.evaluation.turns import midnight, time_reason
from services.segments.store.evaluation import facts, rulesets, sizes, sweep_parts, sweeping
from services.segments.store.evaluation.full_runs import NOBODY
from services.segments.store.evaluation.statement import Asked, Turn
from services.segments.store.evaluation.sweep_parts import Part
from shared.bus.dead_letters import reason_of
from shared.bus.set_aside import Item, set_aside
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database, Tx
from shared.localtime import local_date


def evaluate_parts(database: Database, now: datetime, at_once: int = 1, stop: threading.Event | None = None) -> int:
    """Some parts, by so many at once; returns how many."""
    with database.glance() as tx:
        days = {zone: day for zone, day in sweep_parts.days_in_parts(tx) if day == local_date(now, zone)}
    if not days:
        return 0
    return by_several(database, partial(_take_one, days, now), at_once, stop)


def _take_one(days: Mapping[str, date], now: datetime, transaction: Transaction) -> bool:
    """Where it raises, the part's zone is set aside."""
    part: Part | None = None
    try:
        with transaction() as tx:
            part = sweep_parts.take_part(tx, days)
            if part is None or not evaluate_part(tx, part, now):
                return False
    except Exception as error:  # one zone must not end the role
        if part is None or is_passing(error):
            raise
        with transaction() as tx:
            set_aside(tx, sweeping.ROLE, [Item(part.zone, part.zone, reason_of(error))], now)
    else:
        with transaction() as tx:
            sizes.add_changes(tx)
    return True


def evaluate_part(tx: Tx, part: Part, now: datetime) -> bool:
    """A part that is locked. False where all of its guests are worked on."""
    rules = rulesets.rules_for_evaluation(tx)
    guests, left = facts.lock_free_of(tx, part.guests)
    sweep_parts.end_part(tx, part, left)
    if guests == NOBODY:
        return left == NOBODY
    as_of, because = midnight(part.day, part.zone), time_reason(part.fact, part.day)
    evaluate_range_and_publish(tx, rules, guests, {part.zone: part.day}, as_of, because, now)
    return True


def finish_parts(tx: Tx, rules: rulesets.Ruleset, zones: Collection[str], now: datetime) -> None:
    """What is left of these zones, before their next day turns; waits for whoever works on it."""
    for part in sweep_parts.take_parts_of(tx, zones):
        turn, because = Turn(part.zone, part.day, midnight(part.day, part.zone)), time_reason(part.fact, part.day)
        guests = facts.lock_guests(tx, list(map(UUID, part.guests.strip("{}").split(","))))
        asked = [Asked(guest.guest_id, turn, because) for guest in guests if guest.zone == part.zone]
        evaluate_and_publish(tx, rules, asked, now)
