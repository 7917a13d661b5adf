"""Tasks that staff give one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class StaffTask:
    """`department` or `owner_id`, or both: whose it is. `guest_id`, `case_id`: what it is about, where it is.
    `journey`, `journey_step`: what asked for it, where no colleague did."""

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
    journey: str | None = None
    journey_step: str | None = None
    stay_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A task that a journey asked for, as it stands now."""

    task_id: UUID
    version: int
    guest_id: UUID | None
    stay_id: UUID | None
    property: str
    journey: str
    journey_step: str
    done_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class LateTask:
    task_id: UUID
    property: str


def add(tx: Tx, task: StaffTask) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(task)).rowcount == 1


def add_all(tx: Tx, tasks: Sequence[StaffTask]) -> None:
    """Those that are not there yet."""
    rows = [asdict(task) for task in sorted(tasks, key=lambda task: task.task_id)]
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    if rows:
        tx.execute(ADD_ALL, columns)


def tick(tx: Tx, task_id: UUID, by: str, at: datetime, outcome: str) -> bool:
    """Whether it was open. Only one that a journey asked for has an outcome beside being done."""
    query = """
        update staff_task set version = version + 1, done_at = %s, done_by = %s,
               outcome = case when journey is not null then %s end
        where task_id = %s and done_at is null
    """
    return tx.execute(query, [at, by, outcome, task_id]).rowcount == 1


def asked_by_journey(tx: Tx, task_id: UUID) -> Asked | None:
    """None where a colleague made it."""
    found = tx.rows(Asked, ASKED, [task_id])
    return found[0] if found else None


def untick(tx: Tx, task_id: UUID) -> bool:
    """Whether it was done."""
    query = """
        update staff_task set version = version + 1, done_at = null, done_by = null, outcome = null
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
ADD_ALL = """
    insert into staff_task (task_id, version, property, title_sealed, due_at, department, owner_id, guest_id, case_id,
                            made_by, made_at, journey, journey_step, stay_id)
    select task_id, 1, property, title_sealed, due_at, department, owner_id, guest_id, case_id, made_by, made_at,
           journey, journey_step, stay_id
    from unnest(%(task_id)s::uuid[], %(property)s::text[], %(title_sealed)s::text[], %(due_at)s::timestamptz[],
                %(department)s::text[], %(owner_id)s::uuid[], %(guest_id)s::uuid[], %(case_id)s::uuid[],
                %(made_by)s::text[], %(made_at)s::timestamptz[], %(journey)s::text[], %(journey_step)s::text[],
                %(stay_id)s::uuid[])
         as new (task_id, property, title_sealed, due_at, department, owner_id, guest_id, case_id, made_by, made_at,
                 journey, journey_step, stay_id)
    on conflict do nothing
"""
ASKED = """
    select task_id, version, guest_id, stay_id, property, journey, journey_step, done_at, outcome from staff_task
    where task_id = %s and journey is not null
"""
TAKE_LATE = """
    with late as (
        select task_id from staff_task where done_at is null and late_at is null and due_at <= %(at)s
        order by due_at, task_id limit %(most)s for update skip locked
    )
    update staff_task set late_at = %(at)s where task_id in (select task_id from late)
    returning task_id, property
"""
