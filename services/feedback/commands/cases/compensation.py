"""What a guest is given for what went wrong."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases.history import enter
from services.feedback.rules.cases import EntryKind
from services.feedback.store.care import compensation as store
from services.feedback.store.care.compensation import Given
from shared.database.pool import Tx
from shared.errors import NotFound


class NothingGiven(NotFound):
    """This was withdrawn already."""


def compensate(tx: Tx, given: Given) -> bool:
    """Records it once for each form; whether it is new."""
    if not store.add(tx, given):
        return False
    priced = f" {given.amount} {given.currency}" if given.amount is not None else ""
    about = f"{given.kind}{priced}"
    enter(tx, given.case_id, EntryKind.COMPENSATED, given.given_by, given.at, about=about, ref=given.compensation_id)
    return True


def withdraw_compensation(tx: Tx, case_id: UUID, compensation_id: UUID, at: datetime, *, by: str) -> None:
    """It counts no more, and the history tells of it. Raises `NothingGiven`."""
    kind = store.withdraw(tx, case_id, compensation_id, by, at)
    if kind is None:
        raise NothingGiven()
    enter(tx, case_id, EntryKind.WITHDRAWN, by, at, about=kind, ref=compensation_id)
