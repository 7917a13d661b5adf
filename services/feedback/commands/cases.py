"""Cases: opened by a bad score, by a reply that a person must read, or by a person; closed with an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.rules.cases import EntryKind, Outcome, deadline
from services.feedback.store import cases as store
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.events import chunk_of
from shared.events.feedback import CaseClosed, CaseOpened
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason


class NotOpen(Conflict):
    """This case is closed already, or somebody else changed it meanwhile. Look at it again."""


class NotClosed(Conflict):
    """This case is open already, or somebody else changed it meanwhile. Look at it again."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a case is opened with. `ref` names what it arises from: the same `ref` opens one case.

    `words`: the guest's, where a person recorded them; `source_id`: the answer or reply that holds them; `by`: the
    person who opens the case, None where the system does; `due`: the deadline, else that of the level.
    """

    ref: str
    guest_id: UUID
    reason: CaseReason
    kind: CaseKind = CaseKind.FOLLOW_UP
    level: int = 1
    stay_id: UUID | None = None
    property: str | None = None
    source_id: UUID | None = None
    words: str | None = None
    by: str | None = None
    due: datetime | None = None


def open_case(tx: Tx, opening: Opening, at: datetime) -> UUID:
    """Opens a case, once for each `ref`. Publishes case.opened."""
    case_id = make_id("case", opening.kind, opening.ref)
    case = store.Case(
        case_id=case_id,
        version=1,
        guest_id=opening.guest_id,
        stay_id=opening.stay_id,
        property=opening.property,
        kind=opening.kind,
        level=opening.level,
        opened_at=at,
    )
    origin = store.Origin(
        reason=opening.reason,
        source_id=opening.source_id,
        words_sealed=tx.keyring.seal(opening.words, Sealing.WORDS) if opening.words else None,
        opened_by=opening.by,
        deadline=opening.due or deadline(at, opening.level),
    )
    if store.add(tx, case, origin):
        publish(tx, chunk_of([_state(CaseOpened, case, is_open=True, at=at)]), at=at)
    return case_id


def close_case(
    tx: Tx, case_id: UUID, outcome: Outcome, at: datetime, *, by: str, words: str = "", version: int | None = None
) -> None:
    """Closes a case with its outcome. Publishes case.closed; raises `NotOpen`."""
    case = store.close(tx, case_id, version, outcome, at)
    if case is None:
        raise NotOpen()
    _enter(tx, case_id, EntryKind.CLOSED, by, at, about=outcome, words=words)
    publish(tx, chunk_of([_state(CaseClosed, case, is_open=False, at=at)]), at=at)


def reopen_case(tx: Tx, case_id: UUID, version: int, level: int, at: datetime, *, by: str) -> None:
    """Opens a closed case again, with a new deadline. Publishes case.opened; raises `NotClosed`."""
    case = store.reopen(tx, case_id, version, deadline(at, level))
    if case is None:
        raise NotClosed()
    _enter(tx, case_id, EntryKind.REOPENED, by, at)
    publish(tx, chunk_of([_state(CaseOpened, case, is_open=True, at=at)]), at=at)


def assign_case(tx: Tx, case_id: UUID, version: int, owner_id: UUID, owner_name: str, at: datetime, *, by: str) -> None:
    """Makes somebody the owner of an open case. Raises `NotOpen`."""
    if not store.assign(tx, case_id, version, owner_id):
        raise NotOpen()
    _enter(tx, case_id, EntryKind.ASSIGNED, by, at, about=owner_name)


def note_on_case(tx: Tx, case_id: UUID, note_id: UUID, words: str, at: datetime, *, by: str) -> bool:
    """Stores a note under the id of its form; whether it is new."""
    sealed = tx.keyring.seal(words, Sealing.WORDS)
    entry = store.Entry(entry_id=note_id, case_id=case_id, kind=EntryKind.NOTE, by_name=by, words_sealed=sealed, at=at)
    return store.enter(tx, entry)


def publish_cases(tx: Tx, cases: Sequence[tuple[store.Case, bool]], at: datetime) -> None:
    """Cases as they stand, each with whether it is open."""
    for case, is_open in cases:
        kind = CaseOpened if is_open else CaseClosed
        state = _state(kind, case, is_open=is_open, at=case.opened_at if is_open else at)
        publish(tx, chunk_of([state], republished=True), at=at)  # nobody is alerted again


def _enter(
    tx: Tx, case_id: UUID, kind: EntryKind, by: str, at: datetime, *, about: str | None = None, words: str = ""
) -> None:
    entry = store.Entry(
        entry_id=make_id("case entry", case_id, kind, by, at.isoformat()),
        case_id=case_id,
        kind=kind,
        by_name=by,
        about=about,
        words_sealed=tx.keyring.seal(words, Sealing.WORDS) if words else None,
        at=at,
    )
    store.enter(tx, entry)


def _state(kind: type[CaseOpened | CaseClosed], case: store.Case, *, is_open: bool, at: datetime) -> object:
    return kind(
        case_id=case.case_id,
        version=case.version,
        guest_id=case.guest_id,
        stay_id=case.stay_id,
        property=case.property,
        kind=CaseKind(case.kind),
        level=case.level,
        open=is_open,
        occurred_at=at,
    )
