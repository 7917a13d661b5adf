"""A colleague sends themselves a test of a template: console alone knows the address of their mailbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.console.commands.notices import request_notice
from services.console.store import accounts
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind


def address_tests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Each goes to whoever asked; an account that has ended gets none. What is published again was addressed.
    Whether one really leaves messaging decides: a test of a sender does before any other notice can."""
    if chunk.republished:
        return
    known = {one.person_id: one for one in accounts.with_ids(tx, list(map(UUID, chunk["person_id"]))) if one.role}
    columns = (chunk[name] for name in ("test_id", "person_id", "channel", "useful_until", "occurred_at"))
    asked = [
        request_notice(
            tx,
            known[UUID(person)],
            NoticeKind.TEMPLATE_TEST,
            {},
            datetime.fromisoformat(asked_at),
            notice_id=UUID(test),
            useful_for=datetime.fromisoformat(until) - datetime.fromisoformat(asked_at),
        )
        for test, person, channel, until, asked_at in zip(*columns, strict=True)
        if channel == Channel.EMAIL and UUID(person) in known
    ]
    if asked:
        publish(tx, chunk_of(asked), at=at)
