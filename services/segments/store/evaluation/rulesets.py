"""The live rules as evaluation needs them: compiled once for every set of rules, found again by its digest."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.segments.rules.language.borders import Border, borders_of
from services.segments.rules.language.nested import expanded
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import Rule
from services.segments.store.evaluation.statement import statement
from shared.database.pool import Tx

RULES_LOCK = 7_302_001  # advisory: shared to evaluate guests, exclusive to change rules or evaluate everybody
MOST_KEPT = 16


@dataclass(frozen=True)
class Live:
    """One live segment."""

    number: int
    key: str
    rule: dict[str, Any]
    in_use: bool
    evaluated_at: datetime | None


@dataclass(frozen=True)
class Ruleset:
    """`rules`: by segment number, each with those of the segments it names in their places."""

    digest: str
    keys: dict[int, str]
    rules: dict[int, Rule]
    borders: frozenset[Border]
    fresh: tuple[int, ...]  # not yet evaluated for everybody: their changes are initial
    of_guests: str  # the statement that evaluates the guests handed to it
    of_range: str  # the same for all guests of a range of ids


_compiled: OrderedDict[str, Ruleset] = OrderedDict()


def rules_for_evaluation(tx: Tx) -> Ruleset:
    """The live rules, which stay what they are until this transaction ends."""
    tx.execute("select pg_advisory_xact_lock_shared(%s)", [RULES_LOCK])
    return current_rules(tx)


def lock_rules(tx: Tx) -> None:
    """Waits for those who evaluate, and keeps others from it until this transaction ends."""
    tx.execute("select pg_advisory_xact_lock(%s)", [RULES_LOCK])


def current_rules(tx: Tx) -> Ruleset:
    row = tx.execute("select digest from ruleset").fetchone()
    digest = row[0] if row else ""
    if digest not in _compiled:
        _compiled[digest] = _load(tx, digest)
        if len(_compiled) > MOST_KEPT:
            _compiled.popitem(last=False)
    return _compiled[digest]


def renew_digest(tx: Tx) -> None:
    """Marks the live rules as changed. The caller holds the rules' lock."""
    live = [(s.number, s.key, s.rule, s.in_use, s.evaluated_at is None) for s in _live(tx)]
    digest = sha256(json.dumps(live, sort_keys=True).encode()).hexdigest()
    tx.execute(
        "insert into ruleset (digest) values (%s) on conflict (single) do update set digest = excluded.digest", [digest]
    )


def _live(tx: Tx) -> list[Live]:
    return tx.rows(
        Live,
        "select number, key, rule, in_use, evaluated_at from segment where retired_at is null order by number",
    )


def _load(tx: Tx, digest: str) -> Ruleset:
    live = _live(tx)
    by_key = {segment.key: parse(segment.rule) for segment in live}
    rules = {segment.number: expanded(by_key[segment.key], by_key) for segment in live}
    in_use = [segment.number for segment in live if segment.in_use]
    fresh = tuple(segment.number for segment in live if segment.evaluated_at is None)
    return Ruleset(
        digest=digest,
        keys={segment.number: segment.key for segment in live},
        rules=rules,
        borders=frozenset(border for rule in rules.values() for border in borders_of(rule)),
        fresh=fresh,
        of_guests=statement(rules, in_use, fresh, everybody=False),
        of_range=statement(rules, in_use, fresh, everybody=True),
    )
