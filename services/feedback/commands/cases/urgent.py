"""Words that cannot wait, in a reply or an answer: a case is opened and somebody is called."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.alerts.raising import raise_alert
from services.feedback.commands.cases.opening import Opening, open_case
from services.feedback.rules.alerts import BECAUSE
from services.feedback.store.care.alerts import Alert
from services.feedback.store.guests import home_of
from services.feedback.understanding.urgent import Urgency
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason

LEVEL = 3


def take_urgent_words(
    tx: Tx,
    source_id: UUID,
    urgency: Urgency,
    guest_id: UUID | None,
    at: datetime,
    *,
    stay_id: UUID | None = None,
    hotel: str | None = None,
    kind: CaseKind = CaseKind.FOLLOW_UP,
) -> None:
    """`source_id`: the reply or answer that holds the words; the same opens one case. Of somebody whom nobody knows the
    people on every duty list are called, since it may be any hotel's guest."""
    if urgency is Urgency.NONE:
        return
    if guest_id is None:
        alert = Alert(alert_id=make_id("alert", source_id), because=BECAUSE[urgency], raised_at=at)
        raise_alert(tx, alert, at)
        return
    opening = Opening(
        ref=f"urgent {source_id}",
        guest_id=guest_id,
        reason=CaseReason.URGENT,
        kind=kind,
        level=LEVEL,
        stay_id=stay_id,
        property=hotel or home_of(tx, guest_id),
        source_id=source_id,
        urgency=urgency,
    )
    open_case(tx, opening, at)
