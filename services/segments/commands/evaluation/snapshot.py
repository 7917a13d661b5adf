"""Facts relative to others: a property's average spend a stay, as of a date, that rules read until the next one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from services.segments.commands.evaluation.publish_changes import evaluate_and_publish
from services.segments.commands.evaluation.turns import time_reason
from services.segments.rules.language.tree import leaves
from services.segments.store.evaluation import facts, rulesets, snapshots
from services.segments.store.evaluation.statement import Asked, Turn
from shared.database.pool import Tx
from shared.localtime import local_date

FACT = "spend_against_average"
WINDOW_DAYS = 365
NIGHT_HOUR = 2  # UTC


def next_snapshot(tx: Tx) -> datetime | None:
    return snapshots.next_at(tx)


def plan_snapshots(tx: Tx, at: datetime) -> None:
    """The first one in the night to the first day of the next month; nothing where they are planned already."""
    snapshots.plan(tx, first_night_after(at))


def first_night_after(at: datetime) -> datetime:
    month = (at.astimezone(UTC).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime(month.year, month.month, 1, NIGHT_HOUR, tzinfo=UTC)


def take_due_snapshot(tx: Tx, now: datetime) -> int:
    if not snapshots.claim_due(tx, now, first_night_after(now)):
        return 0
    take_snapshot(tx, now)
    return 1


def take_snapshot(tx: Tx, at: datetime) -> None:
    """Computes the averages anew and evaluates those guests whom the difference carries across a border."""
    rules = rulesets.rules_for_evaluation(tx)
    as_of = at.astimezone(UTC).date()
    before, after = snapshots.renew(tx, as_of, as_of - timedelta(days=WINDOW_DAYS))
    shares = {
        Decimal(value)
        for rule in rules.rules.values()
        for leaf in leaves(rule)
        if leaf.fact == FACT
        for value in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
        if not isinstance(value, str)
    }
    guests = facts.lock_guests(tx, snapshots.guests_between(tx, before, after, shares))
    today = {zone: local_date(at, zone) for zone in {guest.zone for guest in guests}}
    evaluate_and_publish(tx, rules, [asked_for(guest, today[guest.zone], at) for guest in guests], at)


def asked_for(guest: facts.Located, day: date, at: datetime) -> Asked:
    return Asked(guest.guest_id, Turn(guest.zone, day, at), time_reason(FACT, day))
