"""Who is among the top so many per cent: the cuts are taken when a rule first asks, and anew every night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from services.segments.commands.evaluation.publish_changes import evaluate_and_publish
from services.segments.commands.evaluation.turns import time_reason
from services.segments.facts.families.ranks import MEASURES
from services.segments.rules.language.tree import Rule, leaves
from services.segments.store.evaluation import facts, ranks, rulesets, snapshots
from services.segments.store.evaluation.statement import Asked, Turn
from shared.database.pool import Tx
from shared.localtime import local_date

NIGHT_HOUR = 2  # UTC


def take_first_ranks(tx: Tx, rule: Rule, at: datetime) -> None:
    """Nobody is compared before somebody asks; then at once, so that whoever is among the top has always been."""
    if any(leaf.fact in MEASURES for leaf in leaves(rule)) and not ranks.are_taken(tx):
        ranks.renew(tx, at.astimezone(UTC).date())
        ranks.plan(tx, next_night(at))


def next_night(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(NIGHT_HOUR), UTC)


def take_due_ranks(tx: Tx, now: datetime) -> int:
    """Takes the cuts anew and evaluates those guests whom the difference may carry across a border."""
    if not snapshots.claim_due(tx, now, next_night(now), ranks.NAME):
        return 0
    rules = rulesets.rules_for_evaluation(tx)
    before, after = ranks.renew(tx, now.astimezone(UTC).date())
    asked: dict[str, set[int]] = {}
    for rule in rules.rules.values():
        for leaf in leaves(rule):
            if leaf.fact in MEASURES:
                values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
                places = {int(one) for one in values if isinstance(one, int | Decimal) and 0 <= one <= 100}
                asked.setdefault(MEASURES[leaf.fact], set()).update(places)
    guests = facts.lock_guests(tx, ranks.guests_between(tx, before, after, asked))
    days = {zone: local_date(now, zone) for zone in {guest.zone for guest in guests}}
    because = {zone: time_reason("spend_top", day) for zone, day in days.items()}
    turns = {zone: Turn(zone, day, now) for zone, day in days.items()}
    evaluate_and_publish(tx, rules, [Asked(one.guest_id, turns[one.zone], because[one.zone]) for one in guests], now)
    return 1
