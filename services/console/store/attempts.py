"""Attempts to sign in, counted by kind and key; a key is the blind index of what is counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.console.rules.pauses import AttemptKind
from shared.database.pool import Tx

Keys = Mapping[AttemptKind, str]
MOST_ROWS = 50_000
"""Strangers write rows, so there is an end to them; a row under attack is a new one, and the oldest go."""


@dataclass(frozen=True)
class Attempts:
    kind: AttemptKind
    attempts: int
    last_at: datetime


def locked(tx: Tx, keys: Keys, at: datetime) -> list[Attempts]:
    """The count of each, locked: a concurrent attempt waits here for this one."""
    asked = _asked(keys, at=at)
    tx.execute(BEGIN, asked)
    rows = tx.execute(LOCK, asked).fetchall()
    return [Attempts(AttemptKind(kind), attempts, last_at) for kind, attempts, last_at in rows]


def count(tx: Tx, keys: Keys, at: datetime, *, since: datetime) -> None:
    """One more of each; what is older than `since` no longer counts."""
    tx.execute(COUNT, _asked(keys, at=at, since=since))


def forgive(tx: Tx, keys: Keys) -> None:
    """After a right password: what counts this person alone is deleted, this attempt is taken off what counts others
    too."""
    tx.execute(FORGIVE_OWN, _asked(keys, own=[AttemptKind.DEVICE, AttemptKind.PAIR]))
    take_back(tx, keys)


def take_back(tx: Tx, keys: Keys) -> None:
    """One less of each."""
    tx.execute(FORGIVE_ONE, _asked(keys))


def prune(tx: Tx, before: datetime) -> None:
    """Deletes what is older, and the oldest where there are too many; rows that another attempt holds are passed
    over."""
    tx.execute(PRUNE, (before,))
    if tx.execute(IS_FULL, (MOST_ROWS, MOST_ROWS)).fetchone() == (True,):
        tx.execute(DROP_OLDEST, (MOST_ROWS // 10,))


def _asked(keys: Keys, **more: Any) -> dict[str, Any]:
    return {"kinds": list(keys), "keys": list(keys.values()), **more}


BEGIN = """
    insert into sign_in_attempt (kind, key, attempts, last_at)
    select kind, key, 0, %(at)s from unnest(%(kinds)s::text[], %(keys)s::text[]) as each_of (kind, key)
    order by kind, key
    on conflict do nothing
"""
LOCK = """
    select kind, attempts, last_at from sign_in_attempt
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[]))
    order by kind, key
    for update
"""
COUNT = """
    update sign_in_attempt
    set attempts = case when last_at < %(since)s then 1 else attempts + 1 end, last_at = %(at)s
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[]))
"""
FORGIVE_OWN = """
    delete from sign_in_attempt
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[])) and kind = any(%(own)s)
"""
FORGIVE_ONE = """
    update sign_in_attempt set attempts = attempts - 1
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[])) and attempts > 0
"""
PRUNE = """
    delete from sign_in_attempt where (kind, key) in (
        select kind, key from sign_in_attempt where last_at < %s order by last_at limit 1000 for update skip locked)
"""
IS_FULL = "select count(*) > %s from (select from sign_in_attempt limit %s + 1) as counted"
DROP_OLDEST = """
    delete from sign_in_attempt where (kind, key) in (
        select kind, key from sign_in_attempt order by last_at limit %s for update skip locked)
"""
