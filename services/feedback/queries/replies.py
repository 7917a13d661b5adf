"""What guests wrote back, as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import seen
from services.feedback.rules.replies import TakenAs
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class ReplyLine(Named):
    reply_id: UUID
    guest_id: UUID | None
    property: str | None
    hotel: str | None
    zone: str
    stay_id: UUID | None
    channel: str
    taken_as: str
    text_sealed: str | None
    case_id: UUID | None
    received_at: datetime
    message_id: UUID | None
    because_sealed: str | None
    score: int | None  # the survey's, as it stands
    given_scale: int | None
    is_unread: bool  # it may be an objection, and nobody has read it
    is_objection: bool | None  # what they found who did
    read_by: str | None
    has_mail: bool  # as it was sent, until its term is over

    def may_be_score(self) -> bool:
        """A person may say which score it is, or that it is none."""
        return self.message_id is not None and self.taken_as in SCORES

    def subject(self) -> UUID:
        """Whose words they are: the guest's, or of an unknown number the reply's own."""
        return self.guest_id or self.reply_id


def replies(
    tx: Tx, scope: Scope, taken_as: Sequence[str], after: tuple[datetime, UUID] | None, most: int
) -> list[ReplyLine]:
    """Newest first."""
    at, key = after or (None, None)
    params = {
        **scope.values,
        "taken_as": list(taken_as),
        "at": at,
        "key": key,
        "most": most,
    }
    return tx.rows(ReplyLine, f"{LINE} {NEWEST}", params)


def reply(tx: Tx, reply_id: UUID, scope: Scope) -> ReplyLine | None:
    """A reply that somebody of these hotels sees."""
    found = tx.rows(ReplyLine, f"{LINE} {ONE}", {"reply_id": reply_id, **scope.values})
    return found[0] if found else None


def unread(tx: Tx, scope: Scope, most: int) -> list[ReplyLine]:
    """Those that may be objections and that nobody has read, the oldest first."""
    return tx.rows(ReplyLine, f"{LINE} {UNREAD}", {**scope.values, "most": most})


def count_unread(tx: Tx, scope: Scope, before: datetime) -> tuple[int, int]:
    """How many may be objections and are unread, and how many of them were received before an instant."""
    row = tx.execute(COUNT_UNREAD, {**scope.values, "before": before}).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def replies_of(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[ReplyLine]:
    params = {"guests": list(guests), **scope.values, "most": most}
    return tx.rows(ReplyLine, f"{LINE} {OF_GUEST}", params)


SCORES = (TakenAs.SCORE, TakenAs.SCORE_UNSURE, TakenAs.SCORE_ASKED)
LINE = """
    select reply_id, reply.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name, coalesce(message.property, guest.home_property) as property,
           hotel.name as hotel, coalesce(hotel.zone, 'UTC') as zone, message.stay_id, reply.channel, taken_as,
           text_sealed, kase.case_id, received_at, reply.message_id, because_sealed, answer.score,
           answer.given_scale, question.reply_id is not null and question.read_at is null as is_unread, is_objection,
           question.read_by, exists (
               select from inbound_mail as mail where mail.reply_id = reply.reply_id and raw_sealed is not null
           ) as has_mail
    from reply
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = reply.guest_id
    left join hotel_known as hotel on hotel.code = coalesce(message.property, guest.home_property)
    left join lateral (
        select case_id from care_case where source_id = reply.reply_id order by opened_at, case_id limit 1
    ) as kase on true
    left join survey_answer as answer on answer.message_id = reply.message_id
    left join objection_question as question using (reply_id)
"""
SEEN = seen("message.property")
ONE = f"where reply_id = %(reply_id)s and {SEEN}"
NEWEST = f"""
    where taken_as = any(%(taken_as)s::text[]) and text_sealed is not null and {SEEN}
      and (%(at)s::timestamptz is null or (received_at, reply_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by received_at desc, reply_id desc
    limit %(most)s
"""
UNREAD = f"""
    where question.reply_id is not null and question.read_at is null and text_sealed is not null and {SEEN}
    order by received_at, reply_id
    limit %(most)s
"""
COUNT_UNREAD = f"""
    select count(*), count(*) filter (where asked_at <= %(before)s)
    from objection_question as question
    join reply using (reply_id)
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = reply.guest_id
    where read_at is null and {SEEN}
"""
OF_GUEST = f"""
    where reply.guest_id = any(%(guests)s::uuid[]) and {SEEN}
    order by received_at desc, reply_id desc
    limit %(most)s
"""
