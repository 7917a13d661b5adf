"""Devices on which somebody has signed in before. One that several people share is one number with a row for each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx

MOST_OF_A_PERSON = 20


def is_known(tx: Tx, device_id: UUID, person_id: UUID) -> bool:
    query = "select 1 from known_device where device_id = %s and person_id = %s"
    return tx.execute(query, (device_id, person_id)).fetchone() is not None


def has_any(tx: Tx, person_id: UUID) -> bool:
    return tx.execute("select 1 from known_device where person_id = %s limit 1", (person_id,)).fetchone() is not None


def rename(tx: Tx, old: UUID, new: UUID) -> None:
    """A device's number changes for everybody who is known there."""
    tx.execute("update known_device set device_id = %s where device_id = %s", (new, old))
    tx.execute("update session set device_id = %s where device_id = %s and ended_at is null", (new, old))


def add(tx: Tx, device_id: UUID, person_id: UUID, at: datetime) -> None:
    """The person is known there; of theirs the newest are kept."""
    tx.execute(ADD, {"device_id": device_id, "person_id": person_id, "at": at})
    tx.execute(KEEP_NEWEST, {"person_id": person_id, "most": MOST_OF_A_PERSON})


def forget(tx: Tx, before: datetime) -> None:
    tx.execute("delete from known_device where seen_at < %s", (before,))


def revoke(tx: Tx, person_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> None:
    """A person is no longer known on any device, or on that one `only`, or on all `but` one."""
    tx.execute(REVOKE, {"person_id": person_id, "only": only, "but": but})


ADD = """
    insert into known_device (device_id, person_id, seen_at) values (%(device_id)s, %(person_id)s, %(at)s)
    on conflict (device_id, person_id) do update set seen_at = excluded.seen_at
"""
KEEP_NEWEST = """
    delete from known_device where person_id = %(person_id)s and device_id in (
        select device_id from known_device where person_id = %(person_id)s
        order by seen_at desc, device_id offset %(most)s)
"""
REVOKE = """
    delete from known_device
    where person_id = %(person_id)s and (%(only)s::uuid is null or device_id = %(only)s)
        and device_id is distinct from %(but)s::uuid
"""
