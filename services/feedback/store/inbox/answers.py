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
    """`waited_since`: since when the guest had waited, where this is the first answer to that."""

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


@row
class Way:
    """Where a guest last wrote from on a channel, and about which of our messages."""

    reply_id: UUID
    point: str
    property: str | None
    stay_id: UUID | None
    received_at: datetime


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


def settle(tx: Tx, columns: Mapping[str, Sequence[Any]]) -> list[Changed]:
    """What messaging said last of each message. Those that changed."""
    return tx.rows(Changed, SETTLE, columns)


def receive(tx: Tx, what: str, columns: Mapping[str, Sequence[Any]]) -> list[Changed]:
    """`what`: delivered | bounced | complained. Those that changed."""
    return tx.rows(Changed, RECEIVE, {**columns, "what": what})


ADD = """
    insert into thread_answer (message_id, guest_id, property, stay_id, channel, point, words_sealed, by_name,
                               waited_since, answered_at)
    values (%(message_id)s, %(guest_id)s, %(property)s, %(stay_id)s, %(channel)s, %(point)s, %(words_sealed)s,
            %(by_name)s, %(waited_since)s, %(answered_at)s)
    on conflict do nothing
"""
WAY = """
    select reply.reply_id, reply.point, coalesce(message.property, guest.home_property) as property, message.stay_id,
           received_at
    from reply
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = top_of(reply.guest_id)
    where reply.guest_id = any(%(guests)s::uuid[]) and reply.channel = %(channel)s and point <> ''
      and (%(everywhere)s::boolean or message.property is null or message.property = any(%(hotels)s::text[]))
    order by received_at desc, reply_id desc limit 1
"""
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
