"""Messages as the page «Sent» shows them: each once, with its last decision, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.messaging.queries.decided import ADDRESS, DECIDED
from services.messaging.queries.going_live import WENT_LIVE_AFTER
from services.messaging.queries.names import whole_name
from services.messaging.queries.scope import MESSAGE_SEEN
from services.messaging.store.sending.matching_unknowns import MATCHES
from services.messaging.store.sending.matching_unknowns import Wanted as Unclear
from services.messaging.store.sending.newest_text import newest_text
from services.messaging.store.sending.sent_texts import words_in_clear
from services.messaging.store.sending.sent_words import SentWords
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.localtime import local_instant

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to show. `back`: of what a receipt says one of these; none, whatever it says. `after`: the key of the last
    line seen."""

    scope: Scope
    states: tuple[str, ...] = ()
    reason: str = ""
    journey: str = ""
    channel: str = ""
    sender: str = ""
    purpose: str = ""
    back: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, kw_only=True)
class SentRow:
    message_id: UUID
    guest_id: UUID
    given_name: str
    family_name: str
    reads: str
    journey: str | None
    step: str | None
    purpose: str | None
    hotel: str | None
    channel: str | None
    address_sealed: str | None
    state: str
    reason: str | None
    held_until: datetime | None
    zone: str
    at: datetime
    seq: int

    @property
    def name(self) -> str:
        return whole_name(self.given_name, self.family_name, self.reads)

    @property
    def key(self) -> str:
        return f"{self.at.isoformat()}_{self.seq}"


PROVIDER_REF = """case when starts_with(provider_ref, '@') then '<' || message_id || provider_ref else provider_ref end
                  as provider_ref"""
"""A Message-ID is kept without the number of its message."""
SHOWN = f"""message.message_id, message.guest_id, coalesce(given_name, '') as given_name,
           coalesce(family_name, '') as family_name, coalesce(guest.language, 'en') as reads, journey, step, purpose,
           coalesce(message.property, guest.home_property) as hotel, message.channel,
           {ADDRESS.format(of="message")} as address_sealed,
           message.state, message.reason, message.held_until, coalesce(message.zone, guest.home_zone, 'UTC') as zone"""


def decided(tx: Tx, wanted: Wanted) -> list[SentRow]:
    """One page, and one line more where there is another page."""
    after = wanted.after or (None, None)
    values = {
        **vars(wanted),
        **wanted.scope.values,
        "states": list(wanted.states),
        "back": list(wanted.back),
        "at": after[0],
        "seq": after[1],
        "most": PAGE + 1,
    }
    return tx.rows(
        SentRow,
        f"""
        select {SHOWN}, decision.at, decision.seq
        from {DECIDED} as decision join delivery as message using (message_id)
             left join recipient as guest using (guest_id)
        where not exists (select from decision as later
                          where later.message_id = decision.message_id and later.seq > decision.seq
                            and later.at >= decision.at - interval '1 day')
          and (decision.state = 'sent' or message.says_sent is null)
          and {MESSAGE_SEEN}
          and (%(states)s::text[] = '{{}}' or message.state = any(%(states)s))
          and (%(reason)s = '' or message.reason = %(reason)s)
          and (%(journey)s = '' or journey = %(journey)s)
          and (%(channel)s = '' or message.channel = %(channel)s)
          and (%(sender)s = '' or message.sender_id = nullif(%(sender)s, '')::uuid)
          and (%(purpose)s = '' or purpose = %(purpose)s)
          and (%(back)s::text[] = '{{}}' or exists (
              select from receipt where receipt.message_id = message.message_id and receipt.state = any(%(back)s)))
          and (%(since)s::timestamptz is null or decision.at >= %(since)s)
          and (%(until)s::timestamptz is null or decision.at < %(until)s)
          and (%(at)s::timestamptz is null or (decision.at, decision.seq) < (%(at)s, %(seq)s))
        order by decision.at desc, decision.seq desc limit %(most)s
        """,
        values,
    )


def message(tx: Tx, message_id: UUID, scope: Scope) -> dict[str, Any] | None:
    """One message whole, where it is this person's to see."""
    rows = tx.rows(
        dict,
        f"""
        select {SHOWN}, message.stay_id, journey_version, template, template_version, useful_until, due_at, attempts,
               {PROVIDER_REF}, provider_detail, occurrence, changed_at as at, 0 as seq,
               {WENT_LIVE_AFTER} as went_live_at,
               stay.reservation, stay.arrival, stay.departure, stay.status as stay_status
        from delivery as message left join recipient as guest using (guest_id)
             left join stay_known as stay using (stay_id)
        where message.message_id = %(message_id)s and {MESSAGE_SEEN}
        """,
        {"message_id": message_id, **scope.values},
    )
    return rows[0] if rows else None


@dataclass(frozen=True)
class Receipt:
    """What became of a message after it was sent."""

    state: str
    reason: str | None
    detail: str | None
    price: Decimal | None
    currency: str | None
    at: datetime
    read_at: datetime | None = None


def receipt(tx: Tx, message_id: UUID) -> Receipt | None:
    query = (
        "select state, reason, detail, price, currency, happened_at as at, read_at from receipt where message_id = %s"
    )
    found = tx.rows(Receipt, query, [message_id])
    return found[0] if found else None


@dataclass(frozen=True)
class Decision:
    at: datetime
    state: str
    reason: str | None
    channel: str | None
    held_until: datetime | None


def decisions(tx: Tx, message_id: UUID) -> list[Decision]:
    query = f"""
        select at, state, reason, channel, held_until from {DECIDED} as decision
        where message_id = %s order by at, seq
    """
    return tx.rows(Decision, query, [message_id])


@dataclass(frozen=True)
class AsSent:
    """The words of a message as it was sent. `sandboxed`: it ended in the sandbox."""

    channel: str
    from_name: str
    subject: str
    text: str
    page: str | None
    sent_at: datetime
    sandboxed: bool


def as_sent(tx: Tx, message_id: UUID) -> AsSent | None:
    row = tx.execute(
        """
        select channel, sent_at, words_sealed, from_name, subject, body, page from sandbox_message
        where message_id = %s
        """,
        [message_id],
    ).fetchone()
    if row:
        channel, sent_at, sealed, *clear = row
        words = SentWords.opened(tx.keyring, sealed) if sealed else words_in_clear(*clear)
        return AsSent(channel, words.from_name, words.subject, words.text, words.page, sent_at, True)
    kept = tx.execute(
        f"""
        select kept.text_sealed, kept.packed, kept.sent_at, delivery.channel
        from delivery {newest_text("delivery.message_id")}
        where message_id = %s and kept.sent_at is not null
        """,
        [message_id],
    ).fetchone()
    if not kept:
        return None
    words = SentWords.opened(tx.keyring, kept[0], kept[1], message_id)
    return AsSent(kept[3], words.from_name, words.subject, words.text, words.page, kept[2], False)


def is_test(tx: Tx, message_id: UUID) -> bool:
    """A text somebody tried: it is in the sandbox and belongs to no guest."""
    query = """
        select from sandbox_message where message_id = %(id)s
        and not exists (select from delivery where message_id = %(id)s)
    """
    return tx.execute(query, {"id": message_id}).fetchone() is not None


def journeys(tx: Tx) -> Sequence[str]:
    """Of the latest messages."""
    rows = tx.execute(
        f"""
        select distinct journey from (
            select journey from {DECIDED} as decision join delivery using (message_id)
            order by decision.at desc limit 2000
        ) as latest where journey is not null order by journey
        """
    ).fetchall()
    return [row[0] for row in rows]


def unknowns(tx: Tx, wanted: Unclear) -> list[dict[str, Any]]:
    return tx.rows(
        dict,
        f"""
        select {SHOWN}, changed_at as at, claimed_at, {PROVIDER_REF}, provider_detail, template, occurrence
        from delivery as message left join recipient as guest using (guest_id)
        where {MATCHES} order by changed_at, message_id limit 200
        """,
        wanted.values,
    )


def in_view(tx: Tx, message_id: UUID, scope: Scope) -> bool:
    query = f"""
        select from delivery as message left join recipient as guest using (guest_id)
        where message.message_id = %(id)s and {MESSAGE_SEEN}
    """
    return tx.execute(query, {"id": message_id, **scope.values}).fetchone() is not None


def day_in(day: date | None, zone: str) -> tuple[datetime | None, datetime | None]:
    """The instants between which a calendar day lies in a zone."""
    if day is None:
        return None, None
    return local_instant(day, time(0), zone), local_instant(day + timedelta(days=1), time(0), zone)
