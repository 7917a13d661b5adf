"""Walk: everybody is evaluated, range by range, each its own transaction, resumable."""

from __future__ import annotations

import json
from datetime import datetime

from services.segments.commands.judge import MOST_AT_ONCE, announce
from services.segments.commands.sweep import sweep
from services.segments.store import evaluation, facts, rulesets, sweeping
from shared.database.pool import Database, Tx
from shared.localtime import local_date


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
