"""Mail that guests wrote, kept as it came until its term."""

from __future__ import annotations

import zlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import seen
from shared.access.scope import Scope
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class KeptMail(Named):
    reply_id: UUID
    guest_id: UUID | None
    zone: str
    raw_sealed: str
    received_at: datetime

    def subject(self) -> UUID:
        """Whose words they are: the guest's, or of a stranger the reply's own."""
        return self.guest_id or self.reply_id


def kept_mail(tx: Tx, reply_id: UUID, scope: Scope) -> KeptMail | None:
    """The mail that a reply came in; None where it came otherwise, is no longer kept or is not this person's to see."""
    found = tx.rows(KeptMail, KEPT, {"reply_id": reply_id, **scope.values})
    return found[0] if found else None


def raw_of(tx: Tx, mail: KeptMail) -> bytes:
    return zlib.decompress(b64decode(tx.keyring.open(Sealed(mail.raw_sealed), Sealing.WORDS)))


KEPT = f"""
    select reply.reply_id, reply.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name, coalesce(hotel.zone, 'UTC') as zone, mail.raw_sealed,
           reply.received_at
    from inbound_mail as mail join reply using (reply_id)
    left join message_known as message on message.message_id = reply.message_id
    left join guest_known as guest on guest.guest_id = reply.guest_id
    left join hotel_known as hotel on hotel.code = coalesce(message.property, guest.home_property)
    where reply_id = %(reply_id)s and mail.raw_sealed is not null and {seen("message.property")}
"""
