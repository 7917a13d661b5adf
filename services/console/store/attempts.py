"""Attempts to sign in, counted by account and by network address (each as a blind index)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.console.rules.pauses import AttemptKind
from shared.database.pool import Tx


@dataclass(frozen=True)
class Attempts:
    kind: AttemptKind
    attempts: int
    last_at: datetime


def locked(tx: Tx, account: str, address: str, at: datetime) -> list[Attempts]:
    """The counts of both, locked: a concurrent attempt waits here for this one."""
    asked = _asked(account, address, at)
    tx.execute(BEGIN, asked)
    rows = tx.execute(LOCK, asked).fetchall()
    return [Attempts(AttemptKind(kind), attempts, last_at) for kind, attempts, last_at in rows]


def count(tx: Tx, account: str, address: str, at: datetime, *, since: datetime) -> None:
    """One more of both; what is older than `since` no longer counts."""
    tx.execute(COUNT, {**_asked(account, address, at), "since": since})


def forgive(tx: Tx, account: str, address: str) -> None:
    """After a right password: the account's count is deleted, and this attempt is taken off the address's."""
    tx.execute("delete from sign_in_attempt where kind = 'account' and key = %s", (account,))
    tx.execute(
        "update sign_in_attempt set attempts = attempts - 1 where kind = 'address' and key = %s and attempts > 0",
        (address,),
    )


def forget(tx: Tx, before: datetime) -> None:
    tx.execute("delete from sign_in_attempt where last_at < %s", (before,))


def _asked(account: str, address: str, at: datetime) -> dict[str, Any]:
    return {"kinds": [AttemptKind.ACCOUNT, AttemptKind.ADDRESS], "keys": [account, address], "at": at}


BEGIN = """
    insert into sign_in_attempt (kind, key, attempts, last_at)
    select kind, key, 0, %(at)s from unnest(%(kinds)s::text[], %(keys)s::text[]) as both_of (kind, key)
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
