"""Strangers who were found to be a guest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """`stranger_id`: the number of their thread."""

    recognition_id: UUID
    stranger_id: UUID
    guest_id: UUID
    channel: str
    point: str
    by_name: str
    at: datetime


def add(tx: Tx, recognition: Recognition) -> None:
    tx.execute(ADD, asdict(recognition))


def take_replies(tx: Tx, channel: str, point: str, guest_id: UUID) -> None:
    """What strangers wrote from that point is this guest's."""
    tx.execute(TAKE_REPLIES, {"channel": channel, "point": point, "guest": guest_id})


def recognised_on(tx: Tx, channel: Channel, points: Sequence[str]) -> UUID | None:
    """Who was recognised there last, while they are a guest."""
    row = tx.execute(RECOGNISED_ON, {"channel": channel, "points": list(points)}).fetchone()
    return row[0] if row else None


ADD = """
    insert into recognition (recognition_id, stranger_id, guest_id, channel, point, by_name, at)
    values (%(recognition_id)s, %(stranger_id)s, %(guest_id)s, %(channel)s, %(point)s, %(by_name)s, %(at)s)
    on conflict do nothing
"""
TAKE_REPLIES = """
    update reply set guest_id = %(guest)s
    where guest_id is null and point = %(point)s and channel = %(channel)s and text_sealed is not null
"""
RECOGNISED_ON = """
    select guest.guest_id from recognition
    join guest_known as guest on guest.guest_id = top_of(recognition.guest_id) and not gone
    where recognition.channel = %(channel)s and point = any(%(points)s::text[])
    order by at desc limit 1
"""
