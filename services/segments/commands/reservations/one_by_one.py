"""Enter reservations of a program, and say of each what became of it. One that cannot be entered is refused alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.reservations import Reservation
from services.segments.store.guests.stays import load_stays
from shared.bus.set_aside import work_in_halves
from shared.database.pool import Tx

MADE, CHANGED, UNCHANGED, REFUSED = "made", "changed", "unchanged", "refused"


@dataclass(frozen=True)
class Became:
    """`reason`: of a refused one."""

    stay_id: UUID
    outcome: str
    reason: str = ""


def enter_each(tx: Tx, rows: Sequence[Reservation], at: datetime, options: EntryOptions) -> list[Became]:
    """In the order of the rows. Of several rows of one stay the last decides, and all have its outcome."""
    ids = [row.key().stay_id() for row in rows]
    before = {stay.id: stay.version for stay in load_stays(tx, ids).values()}
    last = dict(zip(ids, rows, strict=True))
    refused: dict[UUID, str] = {}
    for row, reason in work_in_halves(tx, list(last.values()), lambda some: enter(tx, some, at, options)):
        refused[row.key().stay_id()] = reason
    after = {stay.id: stay.version for stay in load_stays(tx, ids).values()}
    return [_became(stay_id, before.get(stay_id), after.get(stay_id), refused.get(stay_id)) for stay_id in ids]


def _became(stay_id: UUID, before: int | None, after: int | None, reason: str | None) -> Became:
    if reason is not None or after is None:
        return Became(stay_id, REFUSED, reason or "it was not entered")
    if before is None:
        return Became(stay_id, MADE)
    return Became(stay_id, UNCHANGED if before == after else CHANGED)
