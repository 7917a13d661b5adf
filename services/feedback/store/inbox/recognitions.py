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


def take_replies(tx: Tx, recognition: Recognition) -> None:
    """What strangers wrote from that point is this guest's."""
    tx.execute(TAKE_REPLIES, asdict(recognition))


def recognised_on(tx: Tx, channel: Channel, points: Sequence[str]) -> tuple[UUID, UUID] | None:
    """Who was recognised there last, while they are a guest; and the number of the recognition."""
    row = tx.execute(RECOGNISED_ON, {"channel": channel, "points": list(points)}).fetchone()
    return (row[0], row[1]) if row else None


def of_guests(tx: Tx, guests: Sequence[UUID]) -> list[Recognition]:
    """Those that stand, the newest first."""
    query = f"{STANDING} and guest_id = any(%(guests)s::uuid[]) order by at desc, recognition_id"
    return tx.rows(Recognition, query, {"guests": list(guests)})


def hold(tx: Tx, recognition_id: UUID) -> Recognition | None:
    """One that stands, held until the transaction ends."""
    query = f"{STANDING} and recognition_id = %(recognition)s for update"
    found = tx.rows(Recognition, query, {"recognition": recognition_id})
    return found[0] if found else None


def take_back(tx: Tx, recognition_id: UUID, by: str, at: datetime) -> None:
    tx.execute(TAKE_BACK, {"recognition": recognition_id, "by": by, "at": at})


def give_back(tx: Tx, recognition: Recognition, thread_id: UUID) -> list[UUID]:
    """What came by it is a stranger's again, whose thread that is. The answers to them."""
    values = {**asdict(recognition), "thread": thread_id}
    answers = [message for (message,) in tx.execute(GIVE_ANSWERS, values)]
    tx.execute(GIVE_MESSAGES, {**values, "messages": answers})
    tx.execute(GIVE_REPLIES, {**values, "messages": answers})
    return sorted(answers)


ADD = """
    insert into recognition (recognition_id, stranger_id, guest_id, channel, point, by_name, at)
    values (%(recognition_id)s, %(stranger_id)s, %(guest_id)s, %(channel)s, %(point)s, %(by_name)s, %(at)s)
    on conflict do nothing
"""
TAKE_REPLIES = """
    update reply set guest_id = %(guest_id)s, recognised_by = %(recognition_id)s
    where guest_id is null and point = %(point)s and channel = %(channel)s and text_sealed is not null
"""
RECOGNISED_ON = """
    select guest.guest_id, recognition_id from recognition
    join guest_known as guest on guest.guest_id = top_of(recognition.guest_id) and not gone
    where recognition.channel = %(channel)s and point = any(%(points)s::text[])
      and taken_back_at is null
    order by at desc limit 1
"""
STANDING = """
    select recognition_id, stranger_id, guest_id, channel, point, by_name, at from recognition
    where taken_back_at is null
"""
TAKE_BACK = """
    update recognition set taken_back_by = %(by)s, taken_back_at = %(at)s where recognition_id = %(recognition)s
"""
GIVE_ANSWERS = """
    update thread_answer set guest_id = %(thread)s, to_stranger = true, recognised_by = null
    where recognised_by = %(recognition_id)s returning message_id
"""
GIVE_MESSAGES = "update message_known set guest_id = %(thread)s where message_id = any(%(messages)s::uuid[])"
GIVE_REPLIES = """
    update reply set guest_id = null, recognised_by = null
    where recognised_by = %(recognition_id)s
       or point = %(point)s and channel = %(channel)s and message_id = any(%(messages)s::uuid[])
"""
