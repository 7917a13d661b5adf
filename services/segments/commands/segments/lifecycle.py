"""Segments: saved, used, released, retired; and the ones that Guestloop ships."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.broken_rules import ROLE
from services.segments.commands.evaluation.publish_changes import publish_changes
from services.segments.commands.evaluation.ranks import take_first_ranks
from services.segments.commands.evaluation.snapshot import plan_snapshots
from services.segments.commands.evaluation.sweep import sweep_tomorrow
from services.segments.rules.language.nested import nesting_problems, timed_in, users_of, uses
from services.segments.rules.language.parse import parse
from services.segments.rules.rfm import Cuts
from services.segments.shipped import shipped_segments
from services.segments.store import segments as store
from services.segments.store.evaluation import days_kept, full_runs, memberships, rulesets, sweeping
from services.segments.store.tags import tags_by_rule
from services.segments.store.wanted import is_wanted
from shared.bus.set_aside import take_back, wanted_again
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.localtime import local_date

LONGEST_KEY = 80
MOST_AT_ONCE = 20_000


@dataclass(frozen=True)
class Saved:
    number: int
    key: str
    version: int
    changed: bool


def save_segment(tx: Tx, key: str, name: str, rule: Any, at: datetime, *, private: bool = False) -> Saved:
    """Makes a segment, or gives it another name or rule. A new rule is evaluated for everybody next, as initial.

    So are the segments that name this one.

    Raises `InputError`, its problems by JSON pointer into the rule.
    """
    check_key(key)
    tree = parse(rule)
    rulesets.lock_rules(tx)
    live = store.live_rules(tx)
    if problems := nesting_problems(key, rule, tree, live):
        raise InputError("This rule cannot be used.", problems)
    take_first_ranks(tx, tree, at)
    days_kept.keep_days(tx, timed_in(tree))
    document = json.dumps(rule)
    known = store.find(tx, key)
    if known is None:
        number = store.insert(tx, key, name, document, private, at)
        replan(tx, at)
        return Saved(number, key, 1, changed=True)
    if known.rule == json.loads(document) and known.retired_at is None:
        store.rename(tx, known.number, name, private, at)
        return Saved(known.number, key, known.version, changed=False)
    store.give_rule(tx, known.number, name, document, private, at)
    store.mark_fresh(tx, users_of(key, live))
    replan(tx, at)
    return Saved(known.number, key, known.version + 1, changed=True)


def check_key(key: str) -> None:
    if not key or len(key) > LONGEST_KEY or not key.replace("-", "").isalnum() or not key.isascii():
        raise InputError("This segment cannot be saved.", {"key": "letters, digits and hyphens expected"})


def replan(tx: Tx, at: datetime) -> None:
    """After a change of rules: everybody is to be evaluated, and each zone is swept on its next day."""
    if not store.anybody(tx):
        store.mark_evaluated(tx, at)
    rulesets.renew_digest(tx)
    if store.any_fresh(tx):
        full_runs.begin(tx, at, initial=False)
    sweep_tomorrow(tx, at)


def take_segments_back(tx: Tx, at: datetime) -> int:
    """Segments that were set aside and are to be tried again are evaluated for everybody next, as initial; how many."""
    if wanted_again(tx, ROLE) is None:
        return 0
    rulesets.lock_rules(tx)
    keys = take_back(tx, ROLE)
    store.mark_fresh(tx, keys)
    replan(tx, at)
    return len(keys)


class NamedInSegments(Conflict):
    """Other segments name this one in their rules; change them first."""

    def __init__(self, key: str, users: Collection[str]) -> None:
        self.users = list(users)
        super().__init__(f"{key} is named in the rules of other segments ({', '.join(users)}); change them first.")


class TagsGiven(Conflict):
    """Rules give whoever is in the segment a tag; end them first."""

    def __init__(self, key: str, tags: Collection[str]) -> None:
        self.tags = list(tags)
        super().__init__(f"Rules give tags to whoever is in {key} ({', '.join(tags)}); end them first.")


def retire_segment(tx: Tx, key: str, at: datetime) -> None:
    """Ends a segment that nobody uses: it has no members any more. Its changes stay in the log.

    Raises `Conflict` while a journey uses it, and `NamedInSegments` while the rule of another segment names it.
    """
    rulesets.lock_rules(tx)
    segment = live_segment(tx, key)
    if segment.in_use:
        raise Conflict(f"{key} is in use; release it first.")
    if tags := tags_by_rule(tx, segment.number):
        raise TagsGiven(key, tags)
    if users := sorted(other for other, rule in store.live_rules(tx).items() if key in uses(rule)):
        raise NamedInSegments(key, users)
    store.retire(tx, segment.number, at)
    rulesets.renew_digest(tx)


def use_segment(tx: Tx, key: str, at: datetime, *, republish: bool = False) -> None:
    """From now on changes in this segment are published. Its present members are published now, as initial.

    `republish`: they are, even where the segment was in use before.
    """
    rulesets.lock_rules(tx)
    segment = live_segment(tx, key)
    if segment.in_use:
        if republish:
            publish_members(tx, segment.number, at)
        return
    store.set_in_use(tx, segment.number, in_use=True, at=at)
    rulesets.renew_digest(tx)
    publish_members(tx, segment.number, at)


def release_segment(tx: Tx, key: str, at: datetime) -> None:
    """From now on changes in this segment are no longer published; its membership is kept all the same. Raises
    `Conflict` while messaging keeps its members: a published template shows blocks by it, or a journey that runs is
    entered by it."""
    rulesets.lock_rules(tx)
    segment = live_segment(tx, key)
    if is_wanted(tx, key):
        raise Conflict(f"A published template or a journey that runs needs {key}; change it first.")
    if segment.in_use:
        store.set_in_use(tx, segment.number, in_use=False, at=at)
        rulesets.renew_digest(tx)


def live_segment(tx: Tx, key: str) -> store.Segment:
    segment = store.find(tx, key)
    if segment is None or segment.retired_at is not None:
        raise NotFound(f"There is no segment {key}.")
    return segment


def is_live(tx: Tx, key: str) -> bool:
    segment = store.find(tx, key)
    return segment is not None and segment.retired_at is None


def publish_members(tx: Tx, number: int, at: datetime) -> None:
    """Publishes who is in a segment now, range by range."""
    rules = rulesets.current_rules(tx)
    today = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    after: UUID | None = None
    while members := memberships.members_after(tx, number, after, MOST_AT_ONCE, today, at):
        publish_changes(tx, rules, members, at)
        after = UUID(members[-1].guest_id)


def install_shipped(
    tx: Tx, at: datetime, cuts: Cuts | None = None, *, only: Collection[str] | None = None
) -> list[Saved]:
    """Saves the segments that Guestloop ships, or `only` those of these keys; the eight RFM classes by these cuts.

    Again: only what differs.
    """
    wanted = [one for one in shipped_segments(cuts) if only is None or one.key in only]
    if any(one.key.startswith("rfm-") for one in wanted):
        plan_snapshots(tx, at)
    return [save_segment(tx, one.key, one.name, one.rule, at, private=one.private) for one in wanted]


def bring_shipped(tx: Tx, keys: Collection[str], at: datetime) -> None:
    """Of these, the ones that Guestloop ships and the house never had."""
    if new := {key for key in keys if store.find(tx, key) is None}:
        install_shipped(tx, at, only=new)


def segment_sizes(tx: Tx) -> Mapping[str, int]:
    return memberships.sizes(tx)
