"""Items that a role could not work on: each waits for a person, and its neighbours go on.

A role does its work in sets. Where a set raises, it is done again in halves under savepoints, until what fails alone
stands apart; that is set aside with its reason, and the role passes over it until a person wants it tried again. What
concerns the database's state, not an item, is raised as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from shared.bus.dead_letters import reason_of, storable
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Tx

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True)
class Item:
    """`key`: in the role's own table; `what`: what people call it, without names or addresses."""

    key: str
    what: str
    reason: str
    guest_id: UUID | None = None


@dataclass(frozen=True)
class SetAside:
    """An item as a page shows it."""

    id: int
    role: str
    item: str
    what: str
    guest_id: UUID | None
    reason: str
    attempts: int
    at: datetime


def work_in_halves(tx: Tx, items: Sequence[T], work: Callable[[Sequence[T]], object]) -> list[tuple[T, str]]:
    """Does the work under a savepoint, what raises in halves; returns what fails alone, with the reason."""
    if not items:
        return []
    try:
        with tx.savepoint():
            work(items)
            tx.execute("set constraints all immediate")  # what only the commit would refuse is refused here
    except Exception as error:  # one item must not end a role
        if is_passing(error):
            raise
        if len(items) == 1:
            return [(items[0], reason_of(error))]
    else:
        return []
    middle = len(items) // 2
    return [*work_in_halves(tx, items[:middle], work), *work_in_halves(tx, items[middle:], work)]


def set_aside(tx: Tx, role: str, items: Sequence[Item], at: datetime, *, taken_back_by_role: bool = False) -> None:
    """Leave these items to a person; one that is there already counts another attempt."""
    if not items:
        return
    log.error("set aside", service=tx.service, role=role, items=[item.what for item in items[:10]])
    tx.execute(
        """
        insert into set_aside (role, item, what, guest_id, reason, attempts, at, taken_back_by_role)
        select distinct on (item) %(role)s, item, what, guest_id, reason, 1, %(at)s, %(by_role)s
        from unnest(%(items)s::text[], %(whats)s::text[], %(guests)s::uuid[], %(reasons)s::text[])
             as said (item, what, guest_id, reason)
        order by item
        on conflict (role, item) do update
        set attempts = set_aside.attempts + 1, reason = excluded.reason, at = excluded.at, again_at = null
        """,
        {
            "role": role,
            "at": at,
            "by_role": taken_back_by_role,
            "items": [item.key for item in items],
            "whats": [storable(item.what) for item in items],
            "guests": [item.guest_id for item in items],
            "reasons": [storable(item.reason) for item in items],
        },
    )


def waiting(tx: Tx, most: int) -> list[SetAside]:
    """What waits for a person, the newest first."""
    return tx.rows(
        SetAside,
        """
        select id, role, item, what, guest_id, reason, attempts, at from set_aside
        where again_at is null order by at desc, id desc limit %s
        """,
        [most],
    )


def count_waiting(tx: Tx) -> int:
    row = tx.execute("select count(*)::int from set_aside where again_at is null").fetchone()
    return row[0] if row else 0


def try_again(tx: Tx, ids: Sequence[int], at: datetime) -> int:
    """The roles take these items up again; how many. A second time changes nothing."""
    wanted = {"ids": list(ids), "at": at}
    freed = tx.execute("delete from set_aside where id = any(%(ids)s) and not taken_back_by_role", wanted).rowcount
    update = """
        update set_aside set again_at = %(at)s where id = any(%(ids)s) and taken_back_by_role and again_at is null
    """
    return freed + tx.execute(update, wanted).rowcount


def wanted_again(tx: Tx, role: str) -> datetime | None:
    """Since when something of this role waits to be taken back by it."""
    row = tx.execute("select min(again_at) from set_aside where role = %s", [role]).fetchone()
    return row[0] if row else None


def take_back(tx: Tx, role: str) -> list[str]:
    """The items of a role that a person wants tried again: from now on they are its own."""
    rows = tx.execute("delete from set_aside where role = %s and again_at is not null returning item", [role])
    return sorted(item for (item,) in rows)
