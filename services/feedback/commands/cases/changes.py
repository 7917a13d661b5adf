"""Changes that a person makes to a case. Each names the version of the case that the person saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.feedback.commands.cases.history import NotClosed, NotOpen, enter
from services.feedback.commands.cases.opening import closed_state, opened_state
from services.feedback.rules.cases import EntryKind, Outcome
from services.feedback.store import cases as store
from services.feedback.store.care.terms import care_of
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.vocabulary.case import CaseAlert, Contentment


def close_case(
    tx: Tx,
    case_id: UUID,
    outcome: Outcome,
    at: datetime,
    *,
    by: str,
    words: str = "",
    version: int | None = None,
    content: Contentment | None = None,
) -> None:
    """Closes a case with its outcome. Publishes case.closed; raises `NotOpen`."""
    case = store.close(tx, case_id, version, store.Closure(outcome=outcome, content=content), at)
    if case is None:
        raise NotOpen()
    enter(tx, case_id, EntryKind.CLOSED, by, at, about=outcome, words=words)
    publish(tx, chunk_of([closed_state(tx, case, at)]), at=at)


def reopen_case(tx: Tx, case_id: UUID, version: int, at: datetime, *, by: str, level: int, hotel: str | None) -> None:
    """Opens a closed case again, with a new deadline. Whoever does it knows of it: nobody is called before that
    deadline. Publishes case.opened; raises `NotClosed`."""
    case = store.reopen(tx, case_id, version, care_of(tx, hotel).terms.deadline(at, level))
    if case is None:
        raise NotClosed()
    enter(tx, case_id, EntryKind.REOPENED, by, at)
    publish(tx, chunk_of([replace(opened_state(case, at), alert=CaseAlert.NONE)]), at=at)


def assign_case(tx: Tx, case_id: UUID, version: int, owner_id: UUID, owner_name: str, at: datetime, *, by: str) -> None:
    """Makes somebody the owner of an open case. Raises `NotOpen`."""
    if not store.assign(tx, case_id, version, owner_id):
        raise NotOpen()
    enter(tx, case_id, EntryKind.ASSIGNED, by, at, about=owner_name)


def note_on_case(tx: Tx, case_id: UUID, note_id: UUID, words: str, at: datetime, *, by: str) -> bool:
    """Stores a note under the id of its form; whether it is new."""
    return enter(tx, case_id, EntryKind.NOTE, by, at, words=words, entry_id=note_id)


def place_case(
    tx: Tx,
    case_id: UUID,
    version: int,
    wanted: dict[str, str | None],
    had: dict[str, str | None],
    at: datetime,
    *,
    by: str,
) -> int:
    """Another department, matter or room; how many of them are another one. `had`: what the case had; only
    what differs is changed. Raises `NotOpen`."""
    differ = {name: value for name, value in wanted.items() if value != had[name]}
    for step, (name, value) in enumerate(differ.items()):
        if not store.change(tx, case_id, version + step, name, value):
            raise NotOpen()
        enter(tx, case_id, EntryKind(name), by, at, about=value)
    return len(differ)


def level_case(tx: Tx, case_id: UUID, version: int, level: int, at: datetime, *, by: str, hotel: str | None) -> None:
    """Another level, and with it another deadline. Raises `NotOpen`."""
    hours = timedelta(hours=care_of(tx, hotel).terms.hours[level - 1])
    if not store.change_level(tx, case_id, version, level, hours, at):
        raise NotOpen()
    enter(tx, case_id, EntryKind.LEVEL, by, at, about=str(level))
