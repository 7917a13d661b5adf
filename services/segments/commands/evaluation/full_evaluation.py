"""Full evaluation: everybody, in ranges of guests that several evaluators take from one table.

1. the ranges are laid out over the rules in force; where rules change meanwhile, anew
2. an evaluator takes a range that nobody works on, and locks its guests; those whom somebody else works on stay in it
   for later
3. what the range adds to the sizes of segments is noted beside it, and added in a transaction of its own
4. when no range is left the run ends, and no segment is fresh any more

Rules. Whoever evaluates, one guest or a range, holds the rules' lock shared: no rule changes before that is committed,
and a range is evaluated only by the rules over which it was laid out. So no guest is evaluated by older rules after
newer ones. Only the end of a run holds the lock alone, for a moment.

Guests. Each is locked while evaluated, so that one transaction at a time moves them. An evaluator waits for nobody
while it holds guests: not for guests, not for sizes. An import beside it is never caught in a circle.

Crashes. A range is gone when its changes are committed, published ones included; before that it is as it was, and free
for whoever comes next. Sizes that were noted and not added are added by the next step.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime

from services.segments.commands.evaluation.at_once import Transaction, by_several
from services.segments.commands.evaluation.publish_changes import MOST_AT_ONCE, evaluate_range_and_publish
from services.segments.commands.evaluation.sweep import sweep, sweep_tomorrow
from services.segments.store import segments
from services.segments.store.evaluation import days_kept, facts, full_runs, rulesets, sizes, sweeping
from shared.database.pool import Database, Tx
from shared.localtime import local_date

Now = Callable[[], datetime]


def evaluate_all(database: Database, at: datetime, *, initial: bool = False, evaluators: int = 1) -> int:
    """Evaluates every guest, range by range; returns the ranges done. Killed, it goes on where it was.

    Changes in segments not yet evaluated for everybody are initial anyway; with `initial` all of them are.
    """
    done = 0
    with database.transaction() as tx:
        sweep(tx, at)
        full_runs.begin(tx, at, initial=initial)
    while True:
        done += evaluate_some(database, lambda: at, evaluators)
        with database.glance() as tx:
            if full_runs.planned_since(tx) is None:
                return done


def evaluate_some(database: Database, now: Now, evaluators: int = 1, stop: threading.Event | None = None) -> int:
    """Some ranges of the evaluation under way, by so many at once; ends it where none is left. Returns the ranges done.

    `now`: the instant as of which the next range is evaluated. Once `stop` is set, no other range is begun.
    """
    with database.transaction() as tx:
        sizes.add_changes(tx)
    with database.transaction() as tx:
        lay_out(tx)
    done = by_several(database, lambda transaction: _evaluate_one(transaction, now), evaluators, stop)
    with database.transaction() as tx:
        finish(tx, now())
    return done


def _evaluate_one(transaction: Transaction, now: Now) -> bool:
    with transaction() as tx:
        if not evaluate_range(tx, now()):
            return False
    with transaction() as tx:
        sizes.add_changes(tx)
    return True


def evaluate_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the evaluation under way, where nobody else is at work; at its end no segment is fresh any more.
    False where none is left."""
    lay_out(tx)
    if evaluate_range(tx, at):
        sizes.add_changes(tx)
        return True
    finish(tx, at)
    return False


def lay_out(tx: Tx) -> None:
    """The ranges of the run under way, over the rules in force."""
    full_runs.lay_out(tx, rulesets.rules_for_evaluation(tx).digest, MOST_AT_ONCE)


def evaluate_range(tx: Tx, at: datetime) -> bool:
    """A range that nobody works on. False where there is none over the rules in force, or all of its guests are worked
    on."""
    rules = rulesets.rules_for_evaluation(tx)
    taken = full_runs.take_range(tx, rules.digest)
    if taken is None:
        return False
    guests, left = facts.lock_free(tx, taken)
    full_runs.end_range(tx, taken, left)
    if guests == full_runs.NOBODY:
        return left == full_runs.NOBODY
    days_kept.fill_days(tx, rules.timed, guests)
    days = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    because = json.dumps({"kind": "initial"} if taken.initial else {"kind": "guest", "what": "repair"})
    evaluate_range_and_publish(tx, rules, guests, days, at, because, at)
    return True


def finish(tx: Tx, at: datetime) -> None:
    """Ends the run under way where it is through; nothing else."""
    if not full_runs.is_through(tx, rulesets.current_rules(tx).digest):
        return
    rulesets.lock_rules(tx)
    rules = rulesets.current_rules(tx)
    if not full_runs.is_through(tx, rules.digest):
        return
    full_runs.end_run(tx)
    if rules.timed:
        sweep_tomorrow(tx, at)  # a sweep that looked ahead before the days were filled in saw nobody
    if rules.fresh:
        segments.mark_these_evaluated(tx, rules.fresh, at)
        rulesets.renew_digest(tx)
