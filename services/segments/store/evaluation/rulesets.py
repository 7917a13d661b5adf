"""The live rules as evaluation needs them: compiled once for every set of rules, found again by its digest."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.segments.rules.language.borders import Border, borders_of
from services.segments.rules.language.nested import expanded
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import Rule, leaves
from services.segments.store.evaluation.compile import compile_rules
from services.segments.store.evaluation.statement import statement
from shared.bus.dead_letters import reason_of
from shared.bus.set_aside import Item
from shared.database.pool import Tx

RULES_LOCK = 7_302_001  # advisory: shared to evaluate guests, exclusive to change rules
MOST_KEPT = 16


@dataclass(frozen=True)
class Live:
    """One live segment."""

    number: int
    key: str
    rule: dict[str, Any]
    in_use: bool
    evaluated_at: datetime | None
    days_kept: bool


@dataclass(frozen=True)
class Ruleset:
    """`rules`: by segment number, each with those of the segments it names in their places."""

    digest: str
    keys: dict[int, str]
    rules: dict[int, Rule]
    borders: frozenset[Border]
    fresh: tuple[int, ...]  # not yet evaluated for everybody: their changes are initial
    of_guests: str  # the statement that evaluates the guests handed to it
    of_range: str  # the same for many on their zones' day; what it adds to sizes is noted, not added
    aside: frozenset[str] = frozenset()  # their rules cannot be evaluated: whoever is in stays in, nobody else enters
    unreadable: tuple[Item, ...] = ()  # of these, the ones that could not be read
    asked: frozenset[str] = frozenset()  # the facts that these rules ask for
    timed: tuple[int, ...] = ()  # since when somebody is in these is kept


_compiled: OrderedDict[tuple[str, frozenset[str]], Ruleset] = OrderedDict()


def rules_for_evaluation(tx: Tx) -> Ruleset:
    """The live rules, which stay what they are until this transaction ends."""
    if not tx.is_scratch:
        tx.execute("select pg_advisory_xact_lock_shared(%s)", [RULES_LOCK])
    return current_rules(tx)


def lock_rules(tx: Tx) -> None:
    """Waits for those who evaluate, and keeps others from it until this transaction ends."""
    if not tx.is_scratch:
        tx.execute("select pg_advisory_xact_lock(%s)", [RULES_LOCK])


def current_rules(tx: Tx) -> Ruleset:
    """The live rules, without those set aside. One that cannot be read is not evaluated either."""
    row = tx.execute(
        """
        select coalesce((select digest from ruleset), ''), array(select item from set_aside where role = 'segments')
        """
    ).fetchone()
    assert row is not None
    return _rules(tx, row[0], frozenset(row[1]))


def rules_without(tx: Tx, rules: Ruleset, keys: Collection[str]) -> Ruleset:
    """The same rules, these set aside as well."""
    return _rules(tx, rules.digest, rules.aside.union(keys))


def _rules(tx: Tx, digest: str, aside: frozenset[str]) -> Ruleset:
    found = _compiled.get((digest, aside))
    if found is None:
        found = _compiled[digest, aside] = load_rules(tx, digest, aside)
        if len(_compiled) > MOST_KEPT:
            _compiled.popitem(last=False)
    return found


def renew_digest(tx: Tx) -> None:
    """Marks the live rules as changed. The caller holds the rules' lock."""
    live = [(s.number, s.key, s.rule, s.in_use, s.evaluated_at is None, s.days_kept) for s in _live(tx)]
    digest = sha256(json.dumps(live, sort_keys=True).encode()).hexdigest()
    tx.execute(
        "insert into ruleset (digest) values (%s) on conflict (single) do update set digest = excluded.digest", [digest]
    )


def _live(tx: Tx) -> list[Live]:
    return tx.rows(
        Live,
        """
        select number, key, rule, in_use, evaluated_at, days_kept from segment where retired_at is null order by number
        """,
    )


def load_rules(tx: Tx, digest: str, aside: frozenset[str]) -> Ruleset:
    """The live rules without those `aside`, compiled anew."""
    live = _live(tx)
    trees, unreadable = _read([segment for segment in live if segment.key not in aside])
    aside |= {item.key for item in unreadable}
    sound = [segment for segment in live if segment.key not in aside]
    rules = {segment.number: trees[segment.key] for segment in sound}
    kept = [segment.number for segment in live if segment.key in aside]
    in_use = [segment.number for segment in live if segment.in_use]
    fresh = tuple(segment.number for segment in sound if segment.evaluated_at is None)
    timed = tuple(segment.number for segment in live if segment.days_kept)
    return Ruleset(
        digest=digest,
        keys={segment.number: segment.key for segment in live},
        rules=rules,
        borders=frozenset(border for rule in rules.values() for border in borders_of(rule)),
        fresh=fresh,
        of_guests=statement(rules, in_use, fresh, kept, timed, everybody=False),
        of_range=statement(rules, in_use, fresh, kept, timed, everybody=True),
        aside=aside,
        unreadable=tuple(unreadable),
        asked=frozenset(leaf.fact for rule in rules.values() for leaf in leaves(rule)),
        timed=timed,
    )


def _read(live: Sequence[Live]) -> tuple[dict[str, Rule], list[Item]]:
    """The rules, each with those of the segments it names in their places; and what cannot be read, with the reason. A
    segment that names an unreadable one is as unreadable."""
    by_key: dict[str, Rule] = {}
    unreadable: list[Item] = []
    for segment in live:
        try:
            by_key[segment.key] = parse(segment.rule)
        except Exception as error:  # one rule must not end the evaluation of the others
            unreadable.append(Item(segment.key, segment.key, reason_of(error)))
    whole: dict[str, Rule] = {}
    for key, rule in by_key.items():
        try:
            whole[key] = expanded(rule, by_key)
            compile_rules({0: whole[key]})
            borders_of(whole[key])
        except Exception as error:  # as above
            whole.pop(key, None)
            unreadable.append(Item(key, key, reason_of(error)))
    return whole, unreadable
