"""Requests for a link at the sign-in page, counted by account and by network address (each as a blind index)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.database.pool import Tx


def counted(tx: Tx, keys: Mapping[str, str], at: datetime) -> list[tuple[str, int, datetime]]:
    """Kind, requests and the last of them, of each key; locked: a concurrent request waits here for this one."""
    asked = {"kinds": list(keys), "keys": list(keys.values()), "at": at}
    tx.execute(BEGIN, asked)
    return tx.execute(LOCK, asked).fetchall()


def count(tx: Tx, keys: Mapping[str, str], at: datetime, *, since: datetime) -> None:
    """One more of each; what is older than `since` no longer counts and goes."""
    tx.execute(COUNT, {"kinds": list(keys), "keys": list(keys.values()), "at": at, "since": since})
    tx.execute("delete from link_request where last_at < %s", (since,))


BEGIN = """
    insert into link_request (kind, key, attempts, last_at)
    select kind, key, 0, %(at)s from unnest(%(kinds)s::text[], %(keys)s::text[]) as said (kind, key)
    order by kind, key
    on conflict do nothing
"""
LOCK = """
    select kind, attempts, last_at from link_request
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[]))
    order by kind, key
    for update
"""
COUNT = """
    update link_request
    set attempts = case when last_at < %(since)s then 1 else attempts + 1 end, last_at = %(at)s
    where (kind, key) in (select * from unnest(%(kinds)s::text[], %(keys)s::text[]))
"""
