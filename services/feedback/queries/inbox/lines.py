"""What was said in a thread: the guest's replies, what journeys sent them, and our answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.inbox.threads import ThreadLine
from services.feedback.queries.replies import LINE, ReplyLine
from services.feedback.queries.scope import seen
from services.feedback.store.inbox.answers import Pictured
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class SentLine:
    """A message of a journey."""

    message_id: UUID
    journey: str
    purpose: str
    channel: str
    hotel: str | None
    zone: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """`state`: of `MessageState`; `receipt`: delivered | bounced | complained, where there is one.
    `picture_alt_sealed`: what its picture shows; None where it has none.
    """

    message_id: UUID
    guest_id: UUID
    channel: str
    words_sealed: str | None
    picture_alt_sealed: str | None
    by_name: str
    zone: str
    hotel: str | None
    answered_at: datetime
    state: str
    reason: str | None
    held_until: datetime | None
    receipt: str | None
    receipt_reason: str | None


def replies(tx: Tx, thread: ThreadLine, guests: Sequence[UUID], scope: Scope, most: int) -> list[ReplyLine]:
    """Newest first, as are the others."""
    if thread.guest_id is None:
        params = {"point": thread.point, "channel": thread.channel, **scope.values, "most": most}
        return tx.rows(ReplyLine, f"{LINE} {OF_POINT}", params)
    return tx.rows(ReplyLine, f"{LINE} {OF_GUEST}", {"guests": list(guests), **scope.values, "most": most})


def sent(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[SentLine]:
    return tx.rows(SentLine, SENT, {"guests": list(guests), **scope.values, "most": most})


def answers(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[AnswerLine]:
    return tx.rows(AnswerLine, ANSWERS, {"guests": list(guests), **scope.values, "most": most})


def picture_of_answer(tx: Tx, message_id: UUID, guests: Sequence[UUID], scope: Scope) -> Pictured | None:
    params = {"message": message_id, "guests": list(guests), **scope.values}
    found = tx.rows(Pictured, PICTURE, params)
    return found[0] if found else None


OF_POINT = f"""
    where reply.guest_id is null and reply.point = %(point)s and reply.channel = %(channel)s
      and text_sealed is not null and {seen("message.property")}
    order by received_at desc, reply_id desc limit %(most)s
"""
OF_GUEST = f"""
    where reply.guest_id = any(%(guests)s::uuid[]) and text_sealed is not null and {seen("message.property")}
    order by received_at desc, reply_id desc limit %(most)s
"""
SENT = f"""
    select message_id, journey, purpose, message.channel, hotel.name as hotel, coalesce(hotel.zone, 'UTC') as zone,
           sent_at
    from message_known as message
    left join guest_known as guest using (guest_id)
    left join hotel_known as hotel on hotel.code = coalesce(message.property, guest.home_property)
    where message.guest_id = any(%(guests)s::uuid[]) and {seen("message.property")}
      and not exists (select from thread_answer where thread_answer.message_id = message.message_id)
    order by sent_at desc, message_id limit %(most)s
"""
ANSWERS = f"""
    select message_id, answer.guest_id, answer.channel, words_sealed, picture_alt_sealed, by_name,
           coalesce(hotel.zone, 'UTC') as zone, hotel.name as hotel, answered_at, state, reason, held_until,
           receipt, receipt_reason
    from thread_answer as answer
    left join guest_known as guest using (guest_id)
    left join hotel_known as hotel on hotel.code = coalesce(answer.property, guest.home_property)
    where answer.guest_id = any(%(guests)s::uuid[]) and {seen("answer.property")}
    order by answered_at desc, message_id limit %(most)s
"""
PICTURE = f"""
    select picture_type as media_type, picture_sealed as content_sealed
    from thread_answer as answer
    left join guest_known as guest using (guest_id)
    where message_id = %(message)s and answer.guest_id = any(%(guests)s::uuid[]) and picture_sealed is not null
      and {seen("answer.property")}
"""
