"""Full evaluation: everybody, range by range, each its own transaction, resumable."""

from __future__ import annotations

import json
from datetime import datetime

from services.segments.commands.evaluation.broken_rules import evaluated
from services.segments.commands.evaluation.publish_changes import MOST_AT_ONCE, publish_changes
from services.segments.commands.evaluation.sweep import sweep, sweep_tomorrow
from services.segments.store import segments
from services.segments.store.evaluation import days_kept, facts, full_runs, rulesets, statement, sweeping
from shared.database.pool import Database, Tx
from shared.localtime import local_date


def evaluate_all(database: Database, at: datetime, *, initial: bool = False) -> int:
    """Evaluates every guest, range by range; returns the ranges done. Killed, it goes on where it was.

    Changes in segments not yet evaluated for everybody are initial anyway; with `initial` all of them are.
    """
    done = 0
    with database.transaction() as tx:
        sweep(tx, at)
        full_runs.begin(tx, at, initial=initial)
    while True:
        with database.transaction() as tx:
            if not evaluate_next_range(tx, at):
                return done
        done += 1


def evaluate_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the evaluation under way; at its end no segment is fresh any more. False where none is."""
    rulesets.lock_rules(tx)
    rules = rulesets.current_rules(tx)
    run = full_runs.lock_run(tx)
    if run is None:
        return False
    after = run.after
    if run.digest != rules.digest:
        full_runs.start_over(tx, rules.digest)
        after = None
    upto = facts.end_of_range(tx, after, MOST_AT_ONCE)
    if upto is None:
        _finish(tx, rules, at)
        return False
    days_kept.fill_range(tx, rules.timed, after, upto)
    days = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    because = json.dumps({"kind": "initial"} if run.initial else {"kind": "guest", "what": "repair"})

    def evaluate(rules: rulesets.Ruleset) -> list[statement.Change]:
        return statement.evaluate_range(tx, rules.of_range, after, upto, days, at, because)

    publish_changes(tx, rules, evaluated(tx, rules, evaluate, at), at)
    full_runs.mark_done_to(tx, upto)
    return True


def _finish(tx: Tx, rules: rulesets.Ruleset, at: datetime) -> None:
    full_runs.end_run(tx)
    if rules.timed:
        sweep_tomorrow(tx, at)  # a sweep that looked ahead before the days were filled in saw nobody
    if rules.fresh:
        segments.mark_these_evaluated(tx, rules.fresh, at)
        rulesets.renew_digest(tx)
