"""Dates of the house's own: defined, called otherwise, and no longer in use.

Whether one comes again every year, and by which calendar, is said once and for all. One that is no longer in use keeps
its days, which nobody sees any more; its key is not given again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.segments.rules.house_dates import LONGEST_NAME, HouseDate, is_key
from services.segments.rules.language.tree import leaves
from services.segments.store import house_dates as store
from services.segments.store.evaluation.rulesets import lock_rules
from services.segments.store.segments import live_rules
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound, Problem


class DateAskedFor(Conflict):
    """Rules of segments ask for the date, or journeys count from it; change them first."""

    def __init__(self, key: str, users: Collection[str]) -> None:
        self.users = list(users)
        super().__init__(f"{key} is asked for by segments ({', '.join(users)}); change them first.")


def define(tx: Tx, one: HouseDate, by: Person, at: datetime) -> None:
    """Raises `InputError` by field."""
    problems: dict[str, str] = {}
    if not is_key(one.key):
        problems["key"] = Problem("small letters, digits and hyphens expected", "unusable")
    elif store.is_taken(tx, one.key):
        problems["key"] = Problem("there is, or was, one of this key", "taken")
    problems |= _wrong_name(tx, one.name, "")
    if one.property not in by.scope:
        problems["property"] = Problem("not one of your hotels", "elsewhere")
    if problems:
        raise InputError("This date cannot be made.", problems)
    store.insert(tx, one, by.name, at)
    record(tx, by, "house_date.made", f"date {one.key}", {"yearly": one.yearly, "lunar": one.lunar}, at)


def rename(tx: Tx, key: str, name: str, by: Person, at: datetime) -> None:
    """Raises `InputError` by field, `NotFound` for another hotel's."""
    known = own(tx, key, by)
    if problems := _wrong_name(tx, name, key):
        raise InputError("This date cannot be called so.", problems)
    if name != known.name:
        store.rename(tx, key, name)
        record(tx, by, "house_date.renamed", f"date {key}", {}, at)


def retire(tx: Tx, key: str, by: Person, at: datetime) -> None:
    """Raises `DateAskedFor` while a segment, or one that a journey made for itself, asks for it."""
    lock_rules(tx)
    own(tx, key, by)
    rules = live_rules(tx)
    if users := sorted(name for name, rule in rules.items() if any(key in leaf.where.date for leaf in leaves(rule))):
        raise DateAskedFor(key, users)
    store.retire(tx, key, at)
    record(tx, by, "house_date.retired", f"date {key}", {}, at)


def own(tx: Tx, key: str, by: Person) -> HouseDate:
    """One that this person may change, locked: the whole house's is whoever's who sees all hotels."""
    known = store.lock(tx, key)
    if known is None or known.property not in by.scope:
        raise NotFound("There is no such date.")
    return known


def _wrong_name(tx: Tx, name: str, key: str) -> dict[str, str]:
    if not 1 <= len(name) <= LONGEST_NAME:
        return {"name": Problem(f"1 to {LONGEST_NAME} characters expected", "unusable")}
    return {"name": Problem("another date is called so", "taken")} if store.is_called(tx, name, key) else {}
