"""Tasks as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.queries.guests import Named
from shared.access.scope import Scope, within
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

A_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class TaskLine(Named):
    task_id: UUID
    property: str
    hotel: str
    zone: str
    title_sealed: Sealed | None
    due_at: datetime
    department: str | None
    owner_id: UUID | None
    owner: str | None
    guest_id: UUID | None
    case_id: UUID | None
    made_by: str
    done_at: datetime | None
    done_by: str | None
    made_at: datetime
    journey: str | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class TaskCounts:
    open: int
    mine: int
    late: int


@dataclass(frozen=True, kw_only=True)
class TaskFilter:
    """`view`: open, mine or done; `after`: the last line's key."""

    view: str
    department: str
    scope: Scope
    me: UUID
    after: tuple[datetime, UUID] | None = None


def tasks(tx: Tx, asked: TaskFilter) -> list[TaskLine]:
    """One more than a page holds, where there are more: open ones by when they are due, done ones newest first."""
    at, key = asked.after or (None, None)
    params: dict[str, Any] = {
        **asked.scope.values,
        "department": asked.department or None,
        "owner": asked.me if asked.view == "mine" else None,
        "at": at,
        "key": key,
        "most": A_PAGE + 1,
    }
    return tx.rows(TaskLine, f"{LINE} where {WHERE} {DONE_ONES if asked.view == 'done' else OPEN_ONES}", params)


def task(tx: Tx, task_id: UUID, scope: Scope) -> TaskLine | None:
    found = tx.rows(TaskLine, f"{LINE} where task_id = %(task_id)s and {SEEN}", {"task_id": task_id, **scope.values})
    return found[0] if found else None


def of_case(tx: Tx, case_id: UUID, scope: Scope) -> list[TaskLine]:
    """Those of hotels that the reader sees: another hotel may have a task about the same case."""
    return tx.rows(TaskLine, f"{LINE} {OF_CASE}", {"case_id": case_id, **scope.values})


def of_guests(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[TaskLine]:
    """Those that journeys asked for, the newest first; what colleagues give one another stands on their list."""
    query = f"{LINE} where task.guest_id = any(%(guests)s) and journey is not null and {SEEN} {NEWEST_FIRST}"
    return tx.rows(TaskLine, query, {"guests": list(guests), "most": most, **scope.values})


def counts(tx: Tx, scope: Scope, me: UUID | None, now: datetime) -> TaskCounts:
    return tx.rows(TaskCounts, COUNTS, {**scope.values, "me": me, "now": now})[0]


LINE = """
    select task_id, task.property, coalesce(hotel.name, task.property) as hotel, coalesce(hotel.zone, 'UTC') as zone,
           title_sealed, due_at, department, owner_id, person.name as owner, task.guest_id, task.case_id, made_by,
           done_at, done_by, made_at, journey, outcome, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name
    from staff_task as task
    left join hotel_known as hotel on hotel.code = task.property
    left join person_known as person on person.person_id = task.owner_id
    left join guest_known as guest on guest.guest_id = task.guest_id
"""
SEEN = within("task.property")
OF_CASE = f"where task.case_id = %(case_id)s and {SEEN} order by done_at is not null, due_at, task_id"
WHERE = f"""{SEEN}
    and (%(department)s::text is null or department = %(department)s)
    and (%(owner)s::uuid is null or owner_id = %(owner)s)
"""
NEWEST_FIRST = "order by made_at desc, task_id limit %(most)s"
OPEN_ONES = """
    and done_at is null
    and (%(at)s::timestamptz is null or (due_at, task_id) > (%(at)s::timestamptz, %(key)s::uuid))
    order by due_at, task_id limit %(most)s
"""
DONE_ONES = """
    and done_at is not null
    and (%(at)s::timestamptz is null or (done_at, task_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by done_at desc, task_id desc limit %(most)s
"""
COUNTS = f"""
    select count(*) as open, count(*) filter (where owner_id = %(me)s::uuid) as mine,
           count(*) filter (where due_at <= %(now)s) as late
    from staff_task as task where done_at is null and {SEEN}
"""
