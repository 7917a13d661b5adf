"""Tiers by rule: a ladder of what each takes; whoever has as much has the tier, and loses it with that.

What a guest's own programme tells stands before it, and what reservations state is kept beside it. Each step is a
private segment, so that time, stays and points move guests as in every other rule; tiers follow it a range a
transaction, by comparing, as the tags of rules do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.segments.commands.guests.noting import publish_and_evaluate
from services.segments.commands.segments.lifecycle import replan, retire_segment, save_segment
from services.segments.facts.tiers import WINDOW_DAYS
from services.segments.rules.language.tree import leaves
from services.segments.rules.people.guests import Guest, with_tier, without_tier
from services.segments.store import segments
from services.segments.store import tiers as store
from services.segments.store.evaluation import rulesets
from services.segments.store.guests.care import keep_edits
from services.segments.store.guests.guests import await_turn, change_guests, load_guests, lock_guests, next_versions
from services.segments.store.told.loyalty import loyalty_of
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError

A_RANGE = 2_000
LOOKED_AT_EVERY = timedelta(minutes=15)
MEASURES = ("nights", "stays", "spend", "points")
MOST_STEPS = 8
LONGEST_TIER = 40
FACT = "to_next_tier"


def save_ladder(
    tx: Tx, measure: str, steps: Sequence[tuple[str, Decimal]], *, yearly: bool, gives: bool, by: Person, at: datetime
) -> None:
    """`steps`: tiers and what each takes, in any order. Raises `InputError` by field, with codes."""
    if measure not in MEASURES:
        raise InputError(problems={"measure": "missing"})
    window = WINDOW_DAYS if yearly and measure != "points" else None
    ordered = _checked(steps)
    rulesets.lock_rules(tx)
    before = {one.key for one in store.steps(tx)}
    numbered = []
    for place, (tier, needed) in enumerate(ordered, start=1):
        made = save_segment(tx, f"tiers-{place}", tier, _rule(measure, window, needed), at, private=True)
        numbered.append((tier, needed, made.number))
    store.keep(tx, measure, window, numbered, gives=gives, by=by.name, at=at)
    for key in sorted(before - {f"tiers-{place}" for place in range(1, len(ordered) + 1)}):
        retire_segment(tx, key, at)
    asking = [key for key, rule in segments.live_rules(tx).items() if any(leaf.fact == FACT for leaf in leaves(rule))]
    if asking:
        segments.mark_fresh(tx, asking)
        replan(tx, at)
    told = {"measure": measure, "window_days": window, "gives": gives, "steps": [tier for tier, _ in ordered]}
    record(tx, by, "tiers.changed", "tiers", told, at)


def _checked(steps: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    names, amounts = [tier.casefold() for tier, _ in steps], [needed for _, needed in steps]
    problems = {}
    if not 0 < len(steps) <= MOST_STEPS:
        problems["steps"] = "none"
    elif len(set(names)) < len(names) or not all(0 < len(tier) <= LONGEST_TIER for tier, _ in steps):
        problems["steps"] = "names"
    elif len(set(amounts)) < len(amounts) or min(amounts) <= 0:
        problems["steps"] = "amounts"
    if problems:
        raise InputError(problems=problems)
    return sorted(steps, key=lambda one: one[1])


def _rule(measure: str, window: int | None, needed: Decimal) -> dict[str, Any]:
    amount = int(needed) if needed == needed.to_integral_value() else float(needed)
    leaf = {"fact": measure, "op": "at_least", "value": amount}
    return {**leaf, "where": {"window_days": window}} if window else leaf


def keep_next_tiers(tx: Tx, at: datetime) -> bool:
    """One range of those whose tier is another by now; False where there is none, and it rests a while."""
    await_turn(tx)
    if not store.lock_due(tx, at):
        return False
    if due := store.newly_due(tx, A_RANGE):
        guests = _locked(tx, due)
        _change(tx, [with_tier(guest, due[guest.id]) for guest in guests], "guest.tier_by_rule", due, at)
        store.given(tx, due, at)
        return True
    if gone := store.no_longer_due(tx, A_RANGE):
        guests, told = _locked(tx, gone), loyalty_of(tx, gone)
        tiers = store.taken(tx, gone)
        own = [guest for guest in guests if not (guest.id in told and told[guest.id].tier)]
        _change(tx, [without_tier(guest) for guest in own], "guest.tier_rule_left", tiers, at)
        return True
    store.plan(tx, at + LOOKED_AT_EVERY)
    return False


def _locked(tx: Tx, guests: Collection[UUID]) -> list[Guest]:
    lock_guests(tx, sorted(guests))
    return sorted(load_guests(tx, guests).values(), key=lambda one: one.id)


def _change(tx: Tx, guests: Sequence[Guest], what: str, tiers: dict[UUID, str], at: datetime) -> None:
    """Written, with a line in each story, published and evaluated."""
    if not guests:
        return
    ids = [guest.id for guest in guests]
    change_guests(tx, guests, at)
    next_versions(tx, ids, at)
    keep_edits(tx, [(guest, {"tier": tiers[guest]}) for guest in ids], what, "", at)
    publish_and_evaluate(tx, ids, at)
