"""Two cases about one thing become one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases.history import NotOpen, enter
from services.feedback.commands.cases.opening import closed_state
from services.feedback.rules.cases import EntryKind, Outcome
from services.feedback.store import cases as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of


def merge_case(tx: Tx, case_id: UUID, version: int, into: UUID, at: datetime, *, by: str) -> None:
    """Closes a case that another one takes in; its words, notes and pictures stay with it and are shown there. Both are
    open; that they are one guest's the caller has seen. Publishes case.closed; raises `NotOpen`."""
    if not store.lock_open(tx, into):
        raise NotOpen()
    case = store.close(tx, case_id, version, store.Closure(outcome=Outcome.MERGED, merged_into=into), at)
    if case is None:
        raise NotOpen()
    enter(tx, case_id, EntryKind.MERGED, by, at, about=str(into))
    enter(tx, into, EntryKind.TOOK_IN, by, at, about=str(case_id), ref=case_id)
    publish(tx, chunk_of([closed_state(tx, case, at)]), at=at)
