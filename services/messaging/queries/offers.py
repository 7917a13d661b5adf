"""Offers as pages show them: how many codes are left, given and used, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.messaging.queries.scope import GUEST_SEEN
from services.messaging.rules.offers.pace import LATELY, WARNED_WITHIN, Stock
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.rows import row


@dataclass(frozen=True)
class Figures:
    left: int
    given: int
    used: int


NOTHING = Figures(0, 0, 0)


def figures(tx: Tx, keys: Sequence[str]) -> dict[str, Figures]:
    """By offer. What is left is counted by the index of free codes."""
    rows = tx.execute(
        """
        select key, (select count(*) from offer_code where offer = key and not taken),
               (select count(*) from offer_taken where offer = key),
               (select count(*) from offer_redemption where offer = key)
        from unnest(%s::text[]) as key
        """,
        [list(keys)],
    )
    return {key: Figures(left, given, used) for key, left, given, used in rows}


def stocks(tx: Tx, keys: Sequence[str], now: datetime) -> dict[str, Stock]:
    """How many codes are left, and how many were given of late. Beyond what lasts for a fortnight nobody counts."""
    rows = tx.execute(
        """
        select key, counted.codes, lately.codes
        from unnest(%(keys)s::text[]) as key,
             lateral (select count(*) as codes from offer_taken
                      where offer = key and taken_at > %(since)s and taken_at <= %(now)s) as lately,
             lateral (select count(*) as codes from (
                          select from offer_code where offer = key and not taken
                          limit lately.codes * %(spans)s + 1) as free) as counted
        """,
        {"keys": list(keys), "since": now - LATELY, "now": now, "spans": WARNED_WITHIN // LATELY.days},
    )
    return {key: Stock(left, lately) for key, left, lately in rows}


def live_with_codes(tx: Tx) -> list[str]:
    """Live offers by a code of each guest's own."""
    rows = tx.execute("select key from offer where state = 'live' and kind = 'unique' order by key")
    return [key for (key,) in rows]


@row
class Batch:
    """Codes that were ordered. `twice`: lines of the file whose code was there already."""

    source: str
    wanted: int
    done: int
    added: int
    file_name: str | None
    ordered_by: str
    ordered_at: datetime
    ended_at: datetime | None

    @property
    def share(self) -> int:
        """Per cent."""
        return 100 if self.ended_at else min(self.done * 100 // self.wanted, 99)


def batches(tx: Tx, offer: str) -> list[Batch]:
    query = """
        select source, wanted, done, added, file_name, ordered_by, ordered_at, ended_at
        from offer_batch where offer = %s order by ordered_at desc, batch_id limit 20
    """
    return tx.rows(Batch, query, [offer])


@row
class UseLine:
    """One use. `guest`: None where nobody is known, or whoever looks does not see the guest."""

    redemption_id: UUID
    shown: str
    property: str
    redeemed_on: date
    amount: Decimal | None
    currency: str | None
    source: str
    recorded_by: str
    recorded_at: datetime
    guest_id: UUID | None
    guest: list[Any] | None  # given name, family name, language


def uses(tx: Tx, offer: str, scope: Scope, most: int = 50) -> list[UseLine]:
    """The latest in the hotels that somebody sees."""
    return tx.rows(
        UseLine,
        f"""
        select redemption_id, shown, used.property, redeemed_on, amount, currency, source, recorded_by, recorded_at,
               guest.guest_id,
               case when guest.guest_id is not null
                    then jsonb_build_array(given_name, family_name, guest.language) end as guest
        from offer_redemption as used join offer_code using (code)
        left join recipient as guest on guest.guest_id = used.guest_id and gone is null and {GUEST_SEEN}
        where used.offer = %(offer)s and {within("used.property")}
        order by recorded_at desc, redemption_id limit %(most)s
        """,
        {"offer": offer, "most": most, **scope.values},
    )


def templates_of(tx: Tx, offer: str) -> list[tuple[str, str]]:
    """The published templates that make it: key and name."""
    return tx.execute(
        """
        select template.key, document ->> 'name' from template
        join template_version as newest on (newest.key, version) = (template.key, newest)
        where document ->> 'offer' = %s order by template.key
        """,
        [offer],
    ).fetchall()


@row
class Given:
    """What a message gave a guest: by the link that stands in it."""

    offer: str
    guest_id: UUID
    hotel: str | None
    spoken: str


def given_by(tx: Tx, message_id: UUID) -> Given | None:
    """The offer of the message as it was sent, and its guest."""
    found = tx.rows(
        Given,
        """
        select coalesce(nullif(message."values" ->> 'offer', ''), document ->> 'offer') as offer, guest.guest_id,
               coalesce(message.property, home_property) as hotel,
               coalesce((select language from guest_wish where guest_id = guest.guest_id), message.language,
                        guest.language, 'en') as spoken
        from delivery as message
        join template_version as sent on (sent.key, sent.version) = (message.template, message.template_version)
        join recipient as guest on guest.guest_id = message.guest_id and gone is distinct from 'erased'
        where message_id = %s and document ->> 'offer' is not null
        """,
        [message_id],
    )
    return found[0] if found else None
