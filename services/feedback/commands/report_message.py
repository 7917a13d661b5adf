"""Messaging is told what a mail that came in says of a message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import MessageReported
from shared.ids import make_id
from shared.vocabulary.reason import Reason


def report_message(
    tx: Tx,
    ref: str,
    message_id: UUID,
    what: str,
    *,
    reason: Reason | None = None,
    code: str | None = None,
    at: datetime,
) -> None:
    """`what`: bounced | complained | unsubscribed; `ref` names the mail that says so."""
    said = MessageReported(
        report_id=make_id("report", ref, message_id, what),
        version=1,
        message_id=message_id,
        what=what,
        reason=reason and str(reason),
        code=code,
        reported_at=at,
    )
    publish(tx, chunk_of([said]), at=at)
