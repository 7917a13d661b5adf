"""What people answered guests, and what messaging says became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`waited_since`: since when the guest had waited, where this is the first answer to that. `guest_id`: of a
    stranger, the number of their thread. `picture_sealed`: base64, where it brings one.
    """

    message_id: UUID
    guest_id: UUID
    property: str | None
    stay_id: UUID | None
    channel: str
    point: str
    words_sealed: Sealed
    by_name: str
    waited_since: datetime | None
    answered_at: datetime
    to_stranger: bool
    recognised_by: UUID | None = None
    picture_sealed: Sealed | None = None
    picture_type: str | None = None
    picture_alt_sealed: Sealed | None = None


@row
class Pictured:
    media_type: str
    content_sealed: str


@row
class Way:
    """Where a guest last wrote from on a channel, and about which of our messages. `address_sealed`: where that is no
    point of theirs. `recognised_by`: by which recognition they wrote from there.
    """

    reply_id: UUID
    point: str
    property: str | None
    stay_id: UUID | None
    received_at: datetime
    address_sealed: Sealed | None
    recognised_by: UUID | None


@row
class Changed:
    message_id: UUID
    guest_id: UUID
    state: str


def add(tx: Tx, answer: Answer) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(answer)).rowcount == 1


def way_to(tx: Tx, guests: Sequence[UUID], channel: str, hotels: Mapping[str, Any]) -> Way | None:
    """By the last reply on that channel that somebody of these hotels (`Scope.values`) sees."""
    found = tx.rows(Way, WAY, {"guests": list(guests), "channel": channel, **hotels})
    return found[0] if found else None


def way_to_stranger(tx: Tx, channel: str, point: str) -> Way | None:
    """None where they wrote before addresses were kept."""
    found = tx.rows(Way, WAY_TO_STRANGER, {"channel": channel, "point": point})
    return found[0] if found else None


def hand_to(tx: Tx, stranger_id: UUID, guest_id: UUID, recognition_id: UUID) -> None:
    """What was answered to a stranger was answered to this guest."""
    for statement in HAND_TO:
        tx.execute(statement, {"stranger": stranger_id, "guest": guest_id, "recognition": recognition_id})


def settle(tx: Tx, columns: Mapping[str, Sequence[Any]]) -> list[Changed]:
    """What messaging said last of each message. Those that changed."""
    return tx.rows(Changed, SETTLE, columns)


def receive(tx: Tx, what: str, columns: Mapping[str, Sequence[Any]]) -> list[Changed]:
    """`what`: delivered | bounced | complained. Those that changed."""
    return tx.rows(Changed, RECEIVE, {**columns, "what": what})


ADD = """
    insert into thread_answer (message_id, guest_id, property, stay_id, channel, point, words_sealed, by_name,
                               waited_since, answered_at, to_stranger, recognised_by, picture_sealed, picture_type,
                               picture_alt_sealed)
    values (%(message_id)s, %(guest_id)s, %(property)s, %(stay_id)s, %(channel)s, %(point)s, %(words_sealed)s,
            %(by_name)s, %(waited_since)s, %(answered_at)s, %(to_stranger)s, %(recognised_by)s, %(picture_sealed)s,
            %(picture_type)s, %(picture_alt_sealed)s)
    on conflict do nothing
"""
WAY = """
    select reply.reply_id, reply.point, coalesce(message.property, guest.home_property) as property, message.stay_id,
           received_at, address_sealed, recognised_by
    from reply
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = top_of(reply.guest_id)
    where reply.guest_id = any(%(guests)s::uuid[]) and reply.channel = %(channel)s and point <> ''
      and (%(everywhere)s::boolean or message.property is null or message.property = any(%(hotels)s::text[]))
    order by received_at desc, reply_id desc limit 1
"""
WAY_TO_STRANGER = """
    select reply_id, point, property, stay_id, received_at, address_sealed, recognised_by
    from reply left join message_known as message using (message_id)
    where reply.guest_id is null and reply.channel = %(channel)s and point = %(point)s and address_sealed is not null
    order by received_at desc, reply_id desc limit 1
"""
HAND_TO = (
    """
    update message_known set guest_id = %(guest)s
    where message_id in (select message_id from thread_answer where guest_id = %(stranger)s and to_stranger)
    """,
    """
    update thread_answer set guest_id = %(guest)s, to_stranger = false, recognised_by = %(recognition)s
    where guest_id = %(stranger)s and to_stranger
    """,
)
SETTLE = """
    update thread_answer as answer
    set version = said.version, state = said.state, reason = said.reason, held_until = said.held_until
    from (
        select distinct on (message_id) message_id, version, state, reason, held_until
        from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(reason)s::text[],
                    %(held_until)s::timestamptz[]) as each (message_id, version, state, reason, held_until)
        order by message_id, version desc
    ) as said
    where answer.message_id = said.message_id and answer.version < said.version
    returning answer.message_id, answer.guest_id, answer.state
"""
RECEIVE = """
    update thread_answer as answer
    set receipt_version = said.version, receipt = %(what)s, receipt_reason = said.reason
    from (
        select distinct on (message_id) message_id, version, reason
        from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(reason)s::text[])
            as each (message_id, version, reason)
        order by message_id, version desc
    ) as said
    where answer.message_id = said.message_id and answer.receipt_version < said.version
    returning answer.message_id, answer.guest_id, answer.receipt as state
"""
