"""A colleague sends themselves a test by number: their number is that of a duty list they are on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.store.care import duty
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.console import NoticeRequested
from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.notice import NoticeKind


def number_tests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Who is on no list has no number here, and gets none. What is published again was numbered."""
    if chunk.republished:
        return
    known = duty.own_numbers(tx, list(map(UUID, chunk["person_id"])))
    columns = (chunk[name] for name in ("test_id", "person_id", "channel", "useful_until", "occurred_at"))
    asked = [
        NoticeRequested(
            notice_id=UUID(test),
            version=1,
            kind=NoticeKind.TEMPLATE_TEST,
            channel=Channel(channel),
            address=one.number,
            language=one.language,
            link=None,
            page=None,
            details={"name": one.name},
            useful_until=datetime.fromisoformat(until),
            occurred_at=datetime.fromisoformat(asked_at),
        )
        for test, person, channel, until, asked_at in zip(*columns, strict=True)
        if Channel(channel).contact is ContactKind.NUMBER and (one := known.get(UUID(person))) and one.number
    ]
    if asked:
        publish(tx, chunk_of(asked), at=at)
