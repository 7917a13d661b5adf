"""Mail that came in says what became of messages, or that their readers want no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.messaging.commands.receipts import take_reports, take_unsubscription
from services.messaging.rules.receipts import Report
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk
from shared.vocabulary.channel import Channel
from shared.vocabulary.reason import Reason, reason_named
from shared.vocabulary.receipt import ReceiptState

UNSUBSCRIBED = "unsubscribed"
STATES = {"bounced": ReceiptState.BOUNCED, "complained": ReceiptState.COMPLAINED}


def keep_reports(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A word on e-mails, the only channel by which mail comes back."""
    known = {UNSUBSCRIBED, *STATES}
    faults = {place: "no such report" for place, what in enumerate(chunk["what"]) if what not in known}
    if faults:
        raise MalformedEvent("a report says what became of a message", faults)
    columns = (chunk[name] for name in ("message_id", "what", "reason", "code", "reported_at"))
    reports = []
    for message_id, what, reason, code, reported_at in zip(*columns, strict=True):
        if what == UNSUBSCRIBED:
            take_unsubscription(tx, UUID(message_id), "mail", at)
            continue
        report = Report(
            message_id=UUID(message_id),
            state=STATES[what],
            channel=Channel.EMAIL,
            happened_at=datetime.fromisoformat(reported_at),
            reason=reason_named(reason) or Reason.RETURNED if what == "bounced" else None,
            detail=code,
        )
        reports.append(report)
    take_reports(tx, reports, at)
