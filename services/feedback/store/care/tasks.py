"""Tasks that staff give one another."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class StaffTask:
    """`department` or `owner_id`, or both: whose it is. `guest_id`, `case_id`: what it is about, where it is."""

    task_id: UUID
    property: str
    title_sealed: Sealed
    due_at: datetime
    department: str | None
    owner_id: UUID | None
    guest_id: UUID | None
    case_id: UUID | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class LateTask:
    task_id: UUID
    property: str


def add(tx: Tx, task: StaffTask) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(task)).rowcount == 1


def tick(tx: Tx, task_id: UUID, by: str, at: datetime) -> bool:
    """Whether it was open."""
    query = """
        update staff_task set version = version + 1, done_at = %s, done_by = %s where task_id = %s and done_at is null
    """
    return tx.execute(query, [at, by, task_id]).rowcount == 1


def untick(tx: Tx, task_id: UUID) -> bool:
    """Whether it was done."""
    query = """
        update staff_task set version = version + 1, done_at = null, done_by = null
        where task_id = %s and done_at is not null
    """
    return tx.execute(query, [task_id]).rowcount == 1


def take_late(tx: Tx, at: datetime, most: int) -> list[LateTask]:
    """Open tasks that have just become late, each once."""
    return tx.rows(LateTask, TAKE_LATE, {"at": at, "most": most})


ADD = """
    insert into staff_task (task_id, version, property, title_sealed, due_at, department, owner_id, guest_id, case_id,
                            made_by, made_at)
    values (%(task_id)s, 1, %(property)s, %(title_sealed)s, %(due_at)s, %(department)s, %(owner_id)s, %(guest_id)s,
            %(case_id)s, %(made_by)s, %(made_at)s)
    on conflict do nothing
"""
TAKE_LATE = """
    with late as (
        select task_id from staff_task where done_at is null and late_at is null and due_at <= %(at)s
        order by due_at, task_id limit %(most)s for update skip locked
    )
    update staff_task set late_at = %(at)s where task_id in (select task_id from late)
    returning task_id, property
"""
