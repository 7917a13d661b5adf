"""What the way out needs to know of the message that a guest came from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messaging.queries.decided import ADDRESS
from shared.database.pool import Tx
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.purpose import ConsentPurpose, Purpose

GIVEN = (ConsentState.EXPRESS, ConsentState.EXISTING_CUSTOMER)
NOT_GIVEN = (ConsentState.WITHDRAWN, ConsentState.REFUSED)


@dataclass(frozen=True, kw_only=True)
class CameFrom:
    """A message, whose it was, and what its contact point and its guest allow now. `guest_id`: who is written to there
    now; none where everybody was erased."""

    message_id: UUID
    guest_id: UUID | None
    channel: str
    point: str
    address_sealed: str
    purpose: str
    spoken: str
    hotel: str | None
    ended: list[str]
    allowed: dict[str, str]  # on this channel: by purpose, marketing, feedback or profiling, a state of consent

    @property
    def is_out(self) -> bool:
        return bool({"all", self.purpose} & set(self.ended))

    @property
    def is_not_profiled(self) -> bool:
        return self.allowed.get(ConsentPurpose.PROFILING) == ConsentState.WITHDRAWN

    @property
    def offers(self) -> str:
        """me | everyone | none"""
        if {"all", Purpose.MARKETING} & set(self.ended) or self.allowed.get(Purpose.MARKETING) not in GIVEN:
            return "none"
        return "everyone" if self.is_not_profiled else "me"

    @property
    def surveys(self) -> str:
        """yes | no"""
        refused = self.allowed.get(Purpose.FEEDBACK) in NOT_GIVEN
        return "no" if {"all", Purpose.FEEDBACK} & set(self.ended) or refused else "yes"


def came_from(tx: Tx, message_id: UUID) -> CameFrom | None:
    found = tx.rows(
        CameFrom,
        f"""
        with message as (
            select delivery.*, coalesce(
                (select guest_id from recipient where guest_id = delivery.guest_id and gone is null),
                (select min(guest_id::text)::uuid from recipient_point as there where there.point = delivery.point)
            ) as reader
            from delivery where message_id = %s and point is not null and purpose in ('marketing', 'feedback')
        )
        select message_id, reader as guest_id, message.channel, message.point,
               coalesce({ADDRESS.format(of="message")}, '') as address_sealed, message.purpose,
               coalesce(wish.language, message.language, 'en') as spoken,
               coalesce(message.property, hers.home_property) as hotel,
               array(select suppression.purpose from suppression
                     where (suppression.channel, suppression.point) = (message.channel, message.point)) as ended,
               coalesce((select jsonb_object_agg(consent.purpose, consent.state) from consent
                         where consent.guest_id = reader and consent.channel = message.channel), '{{}}') as allowed
        from message left join guest_wish as wish on wish.guest_id = reader
             left join recipient as hers on hers.guest_id = reader
        """,
        [message_id],
    )
    return found[0] if found else None
