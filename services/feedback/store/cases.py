"""Cases."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Tx


@dataclass(frozen=True, kw_only=True)
class Case:
    case_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    kind: str
    level: int
    opened_at: datetime


def add(tx: Tx, case: Case, *, because: str, deadline: datetime) -> bool:
    """Whether it is new."""
    done = tx.execute(ADD, {**asdict(case), "because": because, "deadline": deadline})
    return done.rowcount == 1


def close(tx: Tx, case_id: UUID, outcome: str, at: datetime) -> Case | None:
    """The case as closed; None where it was not open."""
    found = tx.rows(Case, CLOSE, {"case_id": case_id, "outcome": outcome, "at": at})
    return found[0] if found else None


ADD = """
    insert into care_case
        (case_id, version, guest_id, stay_id, property, kind, level, because, opened_at, deadline)
    values
        (%(case_id)s, %(version)s, %(guest_id)s, %(stay_id)s, %(property)s, %(kind)s, %(level)s, %(because)s,
         %(opened_at)s, %(deadline)s)
    on conflict do nothing
"""
CLOSE = """
    update care_case
    set version = version + 1, closed_at = %(at)s, outcome = %(outcome)s
    where case_id = %(case_id)s and closed_at is null
    returning case_id, version, guest_id, stay_id, property, kind, level, opened_at
"""
