"""What a hotel does about a topic."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """`improvement_id`: of the form, so that the same form makes one."""

    improvement_id: UUID
    property: str
    title: str
    topic: str
    department: str | None
    owner_id: UUID | None
    started_on: date
    made_by: str
    made_at: datetime


def add(tx: Tx, one: Improvement) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(one)).rowcount == 1


def finish(tx: Tx, improvement_id: UUID, version: int, done_on: date | None) -> bool:
    """False where somebody else has changed it meanwhile."""
    params = {"improvement_id": improvement_id, "version": version, "done_on": done_on}
    return tx.execute(FINISH, params).rowcount == 1


ADD = """
    insert into improvement
        (improvement_id, version, property, title, topic, department, owner_id, started_on, made_by, made_at)
    values (%(improvement_id)s, 1, %(property)s, %(title)s, %(topic)s, %(department)s, %(owner_id)s, %(started_on)s,
            %(made_by)s, %(made_at)s)
    on conflict do nothing
"""
FINISH = """
    update improvement set done_on = %(done_on)s, version = version + 1
    where improvement_id = %(improvement_id)s and version = %(version)s
"""
