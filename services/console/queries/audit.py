"""The audit trail, filtered and searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx

MOST = 100


@dataclass(frozen=True)
class Entry:
    audit_id: UUID
    service: str
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditQuery:
    """`subjects`: any of these. `first` … `last`: instants. `before`: the last entry of the page before."""

    actor: str | None = None
    action: str | None = None
    subjects: list[str] | None = None
    first: datetime | None = None
    last: datetime | None = None
    before: tuple[datetime, UUID] | None = None


def entries(tx: Tx, wanted: AuditQuery, most: int = MOST) -> list[Entry]:
    """The newest entries that match. The query holds only the conditions asked for, so that an index serves it."""
    asked = [condition for name, condition in CONDITIONS.items() if getattr(wanted, name) is not None]
    at, key = wanted.before or (None, None)
    return tx.rows(
        Entry,
        f"""
        select audit_id, service, actor, action, subject, details, recorded_at
        from audit_entry
        where {" and ".join(["true", *asked])}
        order by recorded_at desc, audit_id desc
        limit %(most)s
        """,
        {**vars(wanted), "before_at": at, "before_id": key, "most": most},
    )


def actions(tx: Tx) -> list[str]:
    return [action for (action,) in tx.execute(ACTIONS)]


def actors(tx: Tx) -> list[str]:
    return [actor for (actor,) in tx.execute(ACTIONS.replace("action", "actor"))]


CONDITIONS = {
    "actor": "actor = %(actor)s",
    "action": "action = %(action)s",
    "subjects": "subject = any(%(subjects)s::text[])",
    "first": "recorded_at >= %(first)s",
    "last": "recorded_at < %(last)s",
    "before": "(recorded_at, audit_id) < (%(before_at)s, %(before_id)s::uuid)",
}

# From one value to the next by the index: there are few of them and many entries.
ACTIONS = """
    with recursive known as (
        (select action from audit_entry order by action limit 1)
        union all
        select (select action from audit_entry where action > known.action order by action limit 1)
        from known where known.action is not null
    )
    select action from known where action is not null
"""
