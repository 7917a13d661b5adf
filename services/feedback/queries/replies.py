"""What guests wrote back, as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import seen
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


def replies_of(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[ReplyLine]:
    params = {"guests": list(guests), **scope.values, "most": most}
    return tx.rows(ReplyLine, f"{LINE} {OF_GUEST}", params)


LINE = """
    select reply_id, reply.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name, coalesce(message.property, guest.home_property) as property,
           hotel.name as hotel, coalesce(hotel.zone, 'UTC') as zone, message.stay_id, reply.channel, taken_as,
           text_sealed, kase.case_id, received_at
    from reply
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = reply.guest_id
    left join hotel_known as hotel on hotel.code = coalesce(message.property, guest.home_property)
    left join care_case as kase on kase.source_id = reply.reply_id
"""
SEEN = seen("message.property")
NEWEST = f"""
    where taken_as = any(%(taken_as)s::text[]) and text_sealed is not null and {SEEN}
      and (%(at)s::timestamptz is null or (received_at, reply_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by received_at desc, reply_id desc
    limit %(most)s
"""
OF_GUEST = f"""
    where reply.guest_id = any(%(guests)s::uuid[]) and {SEEN}
    order by received_at desc, reply_id desc
    limit %(most)s
"""
