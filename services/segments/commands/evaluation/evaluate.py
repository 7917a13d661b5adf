"""Evaluate guests whose facts moved: bring their facts up to date, evaluate them, publish what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.publish_changes import evaluate_and_publish
from services.segments.commands.evaluation.sweep import sweep_zones
from services.segments.commands.evaluation.turns import midnight
from services.segments.store.evaluation import facts, rulesets, sweeping
from services.segments.store.evaluation.statement import Asked, Turn
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.rows import row


@row
class Moved:
    """A guest whose profile or stays changed, and what did it (as in `AudienceChanged.because`)."""

    guest_id: UUID
    because: Mapping[str, Any]


def evaluate_moved(tx: Tx, moved: Sequence[Moved], at: datetime, touched: frozenset[str] | None = None) -> None:
    """Brings these guests' facts and memberships up to date; of a guest named twice the last reason counts.
    `touched`: the facts that changed, if no others did: where no rule asks for them, nobody moves."""
    because = {one.guest_id: text for one, text in zip(moved, _written(moved), strict=True)}
    if not because:
        return
    rules = rulesets.rules_for_evaluation(tx)
    located = facts.lock_guests(tx, sorted(because))
    if touched is not None and touched.isdisjoint(rules.asked):
        facts.refresh_facts(tx, [guest.guest_id for guest in located])
        return
    today = {zone: local_date(at, zone) for zone in {guest.zone for guest in located}}
    turns = {zone: Turn(zone, day, at) for zone, day in today.items()}
    keep_turns(tx, rules, located, today, at)
    facts.refresh_facts(tx, [guest.guest_id for guest in located])
    evaluate_and_publish(
        tx, rules, [Asked(guest.guest_id, turns[guest.zone], because[guest.guest_id]) for guest in located], at
    )


def _written(moved: Sequence[Moved]) -> Iterator[str]:
    """The reasons as JSON; one that stands for all of an import is written once."""
    last, text = None, ""
    for one in moved:
        if one.because is not last:
            last, text = one.because, json.dumps(one.because, sort_keys=True)
        yield text


def keep_turns(
    tx: Tx,
    rules: rulesets.Ruleset,
    located: Sequence[facts.Located],
    today: Mapping[str, date],
    at: datetime,
) -> None:
    """Plans the sweep of these guests' zones for tomorrow, and catches up on every day before today."""
    next_sweep = {guest.zone: guest.next_sweep for guest in located}
    tomorrow = {zone: midnight(day + timedelta(days=1), zone) for zone, day in today.items()}
    late = [z for z, due in next_sweep.items() if due is not None and due < midnight(today[z], z)]
    if late:
        sweep_zones(
            tx, rules, sweeping.lock_due_zones(tx, at, late), {z: today[z] - timedelta(days=1) for z in late}, at
        )
    sooner = {
        zone: (today[zone], tomorrow[zone])
        for zone, due in next_sweep.items()
        if due is None or due > tomorrow[zone] or zone in late
    }
    if sooner:
        sweeping.know_zones(tx, sooner)
