"""A reply is taken up by the thread of its guest, or of its contact point where no guest is known by it."""

from __future__ import annotations

from datetime import datetime

from services.feedback.rules.finding_points import pieces_of
from services.feedback.rules.inbox import needs_a_person
from services.feedback.store.inbox import threads
from services.feedback.store.replies import ReplyRow
from shared.database.pool import Tx


def hear(
    tx: Tx, reply: ReplyRow, hotel: str | None, at: datetime, *, comment: str | None, sender: str | None = None
) -> None:
    """`hotel`: of the message it answers; `comment`: what stands beside a score; `sender`: the number or address."""
    pieces = pieces_of(reply.channel, sender) if sender else []
    threads.hear(
        tx,
        threads.Heard(
            guest_id=threads.top_of(tx, reply.guest_id) if reply.guest_id else None,
            channel=reply.channel,
            point=reply.point,
            hotel=hotel,
            at=at,
            needs_a_person=needs_a_person(reply.taken_as, comment=comment, urgent=reply.urgent),
            found_by=sorted({tx.keyring.piece(kind, one) for kind, one in pieces}),
        ),
    )
