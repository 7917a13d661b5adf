"""A case is opened: by a score, a reply or a person; what cannot wait calls somebody at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.feedback.commands.alerts.raising import raise_alert_of_case
from services.feedback.rules.alerts import why_alert
from services.feedback.store import cases as store
from services.feedback.store.care.alerts import Alert
from services.feedback.store.care.terms import care_of
from services.feedback.understanding.urgent import Urgency, urgency_of
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import CaseClosed, CaseOpened
from shared.ids import make_id
from shared.vocabulary.case import AlertReason, CaseAlert, CaseKind, CaseReason, Contentment


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a case is opened with. `ref` names what it arises from: the same `ref` opens one case.

    `words`: the guest's, where a person recorded them; `source_id`: the answer or reply that holds them; `by`: the
    person who opens the case, None where the system does. `department`: None, the one that looks after the `matter`.
    `urgency`: of the words where they are not handed in here. `due`: the deadline, else that of the level.
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
    department: str | None = None
    matter: str | None = None
    room: str | None = None
    urgency: Urgency = Urgency.NONE
    due: datetime | None = None


def open_case(tx: Tx, opening: Opening, at: datetime) -> UUID:
    """Opens a case, once for each `ref`. Publishes case.opened, and notice.requested where it cannot wait."""
    return open_once(tx, opening, at)[0]


def open_once(tx: Tx, opening: Opening, at: datetime) -> tuple[UUID, bool]:
    """The same, with whether it is new."""
    care = care_of(tx, opening.property)
    case = store.Case(
        case_id=make_id("case", opening.kind, opening.ref),
        version=1,
        guest_id=opening.guest_id,
        stay_id=opening.stay_id,
        property=opening.property,
        kind=opening.kind,
        level=opening.level,
        opened_at=at,
        department=opening.department or care.department_of(opening.matter),
        matter=opening.matter,
        room=opening.room,
    )
    origin = store.Origin(
        reason=opening.reason,
        source_id=opening.source_id,
        words_sealed=tx.keyring.seal(opening.words, Sealing.WORDS) if opening.words else None,
        opened_by=opening.by,
        deadline=opening.due or care.terms.deadline(at, opening.level),
    )
    is_new = store.add(tx, case, origin)
    if is_new:
        urgency = urgency_of(opening.words) if opening.urgency is Urgency.NONE else opening.urgency
        because = why_alert(opening.kind, opening.reason, opening.level, urgency, care.terms.alert_level)
        alert = _call(tx, case, because, at)
        publish(tx, chunk_of([replace(opened_state(case), alert=alert, because=because)]), at=at)
    return case.case_id, is_new


def _call(tx: Tx, case: store.Case, because: AlertReason | None, at: datetime) -> CaseAlert:
    if because is None:
        return CaseAlert.NONE
    alert = Alert(
        alert_id=make_id("alert", case.case_id),
        because=because,
        case_id=case.case_id,
        property=case.property,
        room=case.room,
        raised_at=at,
    )
    return CaseAlert.LIST if raise_alert_of_case(tx, alert, at) else CaseAlert.ROLE


def publish_cases(tx: Tx, cases: Sequence[tuple[store.Case, bool]], at: datetime) -> None:
    """Cases as they stand, each with whether it is open."""
    for case, is_open in cases:
        state = opened_state(case) if is_open else closed_state(tx, case, at)
        publish(tx, chunk_of([state], republished=True), at=at)  # nobody is alerted again


def opened_state(case: store.Case, at: datetime | None = None) -> CaseOpened:
    """`at`: when it was opened again."""
    return CaseOpened(
        case_id=case.case_id,
        version=case.version,
        guest_id=case.guest_id,
        stay_id=case.stay_id,
        property=case.property,
        kind=CaseKind(case.kind),
        level=case.level,
        open=True,
        occurred_at=at or case.opened_at,
        department=case.department,
        matter=case.matter,
    )


def closed_state(tx: Tx, case: store.Case, at: datetime) -> CaseClosed:
    return CaseClosed(
        case_id=case.case_id,
        version=case.version,
        guest_id=case.guest_id,
        stay_id=case.stay_id,
        property=case.property,
        kind=CaseKind(case.kind),
        level=case.level,
        open=False,
        occurred_at=at,
        department=case.department,
        matter=case.matter,
        outcome=case.outcome,
        content=Contentment(case.content) if case.content else None,
        compensations=store.compensations_of(tx, case.case_id),
        merged_into=case.merged_into,
    )
