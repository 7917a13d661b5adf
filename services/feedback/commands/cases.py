"""Cases: opened by a bad score, by a reply that a person must read, or by a person; closed with an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.rules.cases import FOLLOW_UP, deadline
from services.feedback.store import cases as store
from shared.database import Tx
from shared.errors import Conflict
from shared.events import chunk_of
from shared.events.feedback import CaseClosed, CaseOpened
from shared.ids import make_id
from shared.outbox import say


class NotOpen(Conflict):
    """This case is closed already, or there is none of that number."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """`ref` names what the case arises from: the same thing opens one case."""

    ref: str
    guest_id: UUID
    because: str
    kind: str = FOLLOW_UP
    level: int = 1
    stay_id: UUID | None = None
    property: str | None = None


def open_case(tx: Tx, opening: Opening, at: datetime) -> UUID:
    """Open a case, once for the thing it arises from. Says case.opened."""
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
    if store.add(tx, case, because=opening.because, deadline=deadline(at, opening.level)):
        say(tx, chunk_of([_state(CaseOpened, case, is_open=True, at=at)]), at=at)
    return case_id


def close_case(tx: Tx, case_id: UUID, outcome: str, at: datetime) -> None:
    """Close it with what was done. Says case.closed; raises `NotOpen`."""
    case = store.close(tx, case_id, outcome, at)
    if case is None:
        raise NotOpen()
    say(tx, chunk_of([_state(CaseClosed, case, is_open=False, at=at)]), at=at)


def _state(kind: type[CaseOpened | CaseClosed], case: store.Case, *, is_open: bool, at: datetime) -> object:
    return kind(
        case_id=case.case_id,
        version=case.version,
        guest_id=case.guest_id,
        stay_id=case.stay_id,
        property=case.property,
        kind=case.kind,
        level=case.level,
        open=is_open,
        occurred_at=at,
    )
