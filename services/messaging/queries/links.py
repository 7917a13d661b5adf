"""Where a tracked link leads, and whether its guest's clicks are counted."""

from __future__ import annotations

from uuid import UUID

from services.messaging.rules.tracking import UNTRACKED
from shared.database.pool import Tx
from shared.rows import row


@row
class Followed:
    """A link of a message. `adds_utm`: neither the template nor the hotel chose otherwise; `is_counted`: nor the hotel
    or the country, and the guest did not object."""

    message_id: UUID
    channel: str
    journey: str
    step: str
    target: str
    adds_utm: bool
    is_counted: bool


def followed(tx: Tx, first: UUID, last: UUID, number: int) -> list[Followed]:
    """The link of this number in every message between these: hardly ever more than one. An erased guest's language is
    not known any more."""
    return tx.rows(Followed, FOLLOWED, {"first": first, "last": last, "number": number, "untracked": list(UNTRACKED)})


def sealed_words(tx: Tx, message_id: UUID) -> str | None:
    """Its words as they were sent, while they are kept."""
    row = tx.execute(
        """
        select coalesce((select text_sealed from kept_text where message_id = %(id)s),
                        (select words_sealed from sandbox_message where message_id = %(id)s))
        """,
        {"id": message_id},
    ).fetchone()
    return row[0] if row else None


FOLLOWED = """
    select message_id, delivery.channel, journey, step, target,
           published.utm and coalesce((select utm from link_choice
                                       where (kind, key) = ('property', coalesce(property, home_property))), true)
               as adds_utm,
           delivery.state in ('claimed', 'sent', 'unknown') and gone is null
           and not (coalesce(rights, '{}') && %(untracked)s::text[])
           and not exists (select from consent
                           where consent.guest_id = delivery.guest_id and purpose = 'profiling' and state = 'withdrawn')
           and not exists (select from link_choice where not clicks and (
               (kind, key) = ('property', coalesce(property, home_property)) or (kind = 'country' and key in (
                   recipient.country, (select hotel.country from property_known as hotel where code = property)))))
               as is_counted
    from delivery
    left join recipient using (guest_id)
    join lateral (
        select target, utm from link
        where (link.template, link.version, link.channel, link.number)
              = (delivery.template, delivery.template_version, delivery.channel, %(number)s)
        order by link.language = delivery.language desc nulls last, link.language = 'en' desc, link.language limit 1
    ) as published on true
    where message_id between %(first)s and %(last)s
    order by message_id
"""
