"""Where a tracked link leads, and whether its guest's clicks are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.queries.scope import MESSAGE_SEEN
from services.messaging.rules.links.targets import shown_as
from services.messaging.rules.links.tracking import UNTRACKED
from services.messaging.store.sending.newest_text import newest_text
from shared.access.scope import Scope
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
        f"""
        select coalesce(kept.text_sealed, (select words_sealed from sandbox_message where message_id = asked.id))
        from (values (%(id)s::uuid)) as asked (id) {newest_text("asked.id")}
        """,
        {"id": message_id},
    ).fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class MessageLink:
    """A tracked link of a message, and what is known of it. `at` is None where nobody opened it."""

    number: int
    target: str
    at: datetime | None
    counted: bool
    reason: str | None

    @property
    def leads_to(self) -> str:
        return shown_as(self.target)


def links_of(tx: Tx, message_id: UUID) -> list[MessageLink]:
    return tx.rows(
        MessageLink,
        """
        select link.number, target, click.at, coalesce(counted, false) as counted, click.reason
        from delivery
        join link on (link.template, link.version, link.language, link.channel)
                     = (delivery.template, template_version, delivery.language, delivery.channel)
        left join click on (click.message_id, click.number) = (delivery.message_id, link.number)
        where delivery.message_id = %s and delivery.attempts > 0 order by link.number
        """,
        [message_id],
    )


def clicks_of(tx: Tx, guest_id: UUID, scope: Scope, most: int = 200) -> list[dict[str, Any]]:
    """Which links of their messages they opened, newest first, in these hotels."""
    found = tx.rows(
        dict,
        f"""
        select message_id, click.at, message.channel, coalesce(message.zone, 'UTC') as zone, journey, target
        from click join delivery as message using (message_id) left join recipient as guest using (guest_id)
        join link on (link.template, link.version, link.language, link.channel, link.number)
                     = (message.template, template_version, message.language, message.channel, click.number)
        where message.guest_id = %(id)s and counted and {MESSAGE_SEEN}
        order by click.at desc, message_id, click.number limit %(most)s
        """,
        {"id": guest_id, **scope.values, "most": most},
    )
    return [{**one, "leads_to": shown_as(one["target"])} for one in found]


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
