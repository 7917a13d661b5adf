"""A rule that cannot be evaluated is set aside: its segment stays as it is, and all other segments are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import psycopg

from services.segments.store.evaluation import rulesets
from services.segments.store.evaluation.rulesets import Ruleset
from services.segments.store.evaluation.statement import Change
from shared.bus.dead_letters import reason_of
from shared.bus.set_aside import Item, set_aside
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Tx

ROLE = "segments"
Run = Callable[[Ruleset], list[Change]]


class TriedOnly(Exception):
    """Undoes a trial."""


def evaluated(tx: Tx, rules: Ruleset, run: Run, at: datetime) -> list[Change]:
    """What `run` changes by these rules; by all but the broken ones where one of them fails."""
    _leave(tx, rules.unreadable, at)
    try:
        with tx.savepoint():
            return run(rules)
    except psycopg.Error as error:
        if is_passing(error):
            raise
        broken = _broken(tx, rules, [rules.keys[number] for number in sorted(rules.rules)], run)
        if not broken:
            raise
    _leave(tx, broken, at)
    return run(rulesets.rules_without(tx, rules, {item.key for item in broken}))


def _leave(tx: Tx, broken: Sequence[Item], at: datetime) -> None:
    set_aside(tx, ROLE, broken, at, taken_back_by_role=True)


def _broken(tx: Tx, rules: Ruleset, keys: Sequence[str], run: Run) -> list[Item]:
    """Of these the ones that fail alone, found in halves."""
    others = {key for number, key in rules.keys.items() if number in rules.rules and key not in keys}
    try:
        with _trial(tx):
            run(rulesets.load_rules(tx, rules.digest, rules.aside | others))
    except psycopg.Error as error:
        if is_passing(error):
            raise
        if len(keys) == 1:
            return [Item(keys[0], keys[0], reason_of(error))]
    else:
        return []
    middle = len(keys) // 2
    return [*_broken(tx, rules, keys[:middle], run), *_broken(tx, rules, keys[middle:], run)]


@contextmanager
def _trial(tx: Tx) -> Iterator[None]:
    """What is done in the block is undone, whether it raises or not."""
    try:
        with tx.savepoint():
            yield
            raise TriedOnly
    except TriedOnly:
        pass
