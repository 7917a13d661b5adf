"""Praise of a department or a colleague."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Praise:
    praise_id: UUID
    property: str
    department: str | None
    colleague_id: UUID | None
    colleague: str | None
    guest_id: UUID | None
    words_sealed: Sealed | None
    entered_by: str
    at: datetime


def add(tx: Tx, praise: Praise) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(praise)).rowcount == 1


def remove(tx: Tx, praise_id: UUID) -> bool:
    return tx.execute("delete from praise where praise_id = %s", [praise_id]).rowcount == 1


ADD = """
    insert into praise (praise_id, property, department, colleague_id, colleague, guest_id, words_sealed, entered_by,
                        at)
    values (%(praise_id)s, %(property)s, %(department)s, %(colleague_id)s, %(colleague)s, %(guest_id)s,
            %(words_sealed)s, %(entered_by)s, %(at)s)
    on conflict do nothing
"""
