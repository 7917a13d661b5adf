"""Replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from services.feedback.rules.replies import TakenAs
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


@dataclass(frozen=True, kw_only=True)
class ReplyRow:
    reply_id: UUID
    channel: Channel
    point: str
    guest_id: UUID | None
    message_id: UUID | None
    text_sealed: str
    taken_as: TakenAs
    received_at: datetime
    because_sealed: str | None = None
    language: str | None = None
    sentiment: str | None = None
    topics: list[str] = field(default_factory=list)
    urgent: bool = False
    address_sealed: Sealed | None = None
    recognised_by: UUID | None = None


def add(tx: Tx, reply: ReplyRow) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(reply)).rowcount == 1


def stops_on(tx: Tx, channel: Channel, points: Sequence[str]) -> int:
    """How many STOPs came from a contact point since it last asked for messages again."""
    row = tx.execute(
        STOPS_ON, {"stop": TakenAs.STOP, "start": TakenAs.START, "channel": channel, "points": list(points)}
    ).fetchone()
    return row[0] if row else 0


def score_of(tx: Tx, reply_id: UUID) -> int | None:
    """The score that the survey a reply answers was given."""
    row = tx.execute(SCORE_OF, {"reply_id": reply_id}).fetchone()
    return row[0] if row else None


ADD = """
    insert into reply (reply_id, channel, point, guest_id, message_id, text_sealed, taken_as, received_at,
                       because_sealed, language, sentiment, topics, urgent, address_sealed,
                       recognised_by)
    values (%(reply_id)s, %(channel)s, %(point)s, %(guest_id)s, %(message_id)s, %(text_sealed)s, %(taken_as)s,
            %(received_at)s, %(because_sealed)s, %(language)s, %(sentiment)s, %(topics)s, %(urgent)s,
            %(address_sealed)s, %(recognised_by)s)
    on conflict do nothing
"""
STOPS_ON = """
    select count(*) from reply
    where taken_as = %(stop)s and channel = %(channel)s and point = any(%(points)s) and received_at > coalesce((
        select max(received_at) from reply
        where taken_as = %(start)s and channel = %(channel)s and point = any(%(points)s)), '-infinity')
"""
SCORE_OF = "select score from reply join survey_answer using (message_id) where reply_id = %(reply_id)s"
