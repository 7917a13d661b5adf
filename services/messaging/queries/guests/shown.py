"""What messaging knows of one guest: whether a person may see them, what they allow, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messaging.queries.decided import ADDRESS, DECIDED
from services.messaging.queries.scope import GUEST_SEEN, MESSAGE_SEEN
from services.messaging.store.sending.sent_words import SentWords
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True)
class GuestProfile:
    guest_id: UUID
    given_name: str
    family_name: str
    title: str | None
    language: str
    country: str | None
    home_zone: str
    home_property: str | None
    do_not_contact: str | None
    rights: list[str]


def guest(tx: Tx, guest_id: UUID, scope: Scope) -> GuestProfile | None:
    """A guest of one of these hotels: by where they are at home, or by a stay; else those see them who see all."""
    found = tx.rows(
        GuestProfile,
        f"""
        select guest_id, given_name, family_name, title, language, country, home_zone, home_property, do_not_contact,
               rights
        from recipient as guest
        where guest_id = %(id)s and gone is null and {GUEST_SEEN}
        """,
        {"id": guest_id, **scope.values},
    )
    return found[0] if found else None


@dataclass(frozen=True)
class ContactPoint:
    channel: str
    point: str
    address_sealed: str
    kind: str
    ended: list[str]  # purposes that nobody on it may be written to for
    refused_since: datetime | None  # by its provider


def points(tx: Tx, guest_id: UUID) -> list[ContactPoint]:
    return tx.rows(
        ContactPoint,
        """
        select channel, point, address_sealed, kind,
               array(select purpose from suppression where (channel, point) = (mine.channel, mine.point)
                     order by purpose) as ended,
               (select since from refused_point
                where (channel, point) = (mine.channel, mine.point) and lifted_at is null) as refused_since
        from channel_point as mine where guest_id = %s order by rank, channel
        """,
        [guest_id],
    )


@dataclass(frozen=True)
class ConsentEntry:
    """A line of the consent ledger, or what it comes to. `proof_sealed`: in which words it was given."""

    id: int
    channel: str
    purpose: str
    state: str
    source: str
    source_ref: str
    said_at: datetime
    expires_on: date | None
    proof_sealed: str | None
    recorded_at: datetime


def consents(tx: Tx, guest_id: UUID) -> list[ConsentEntry]:
    """What holds now, by channel and purpose, each with the words it was recorded by."""
    return tx.rows(
        ConsentEntry,
        """
        select 0 as id, channel, purpose, state, source, source_ref, said_at, expires_on, said_at as recorded_at,
               (select proof_sealed from consent_ledger as line
                where (line.guest_id, line.channel, line.purpose, line.said_at)
                    = (consent.guest_id, consent.channel, consent.purpose, consent.said_at)
                order by id desc limit 1) as proof_sealed
        from consent where guest_id = %s order by channel, purpose
        """,
        [guest_id],
    )


def statements(tx: Tx, guest_id: UUID, most: int = 200) -> list[ConsentEntry]:
    """Each statement about consent, newest first."""
    return tx.rows(
        ConsentEntry,
        """
        select id, channel, purpose, state, source, source_ref, said_at, expires_on, proof_sealed, recorded_at
        from consent_ledger where guest_id = %s order by recorded_at desc, id desc limit %s
        """,
        [guest_id, most],
    )


def happened(tx: Tx, guest_id: UUID, scope: Scope, most: int = 200) -> list[dict[str, Any]]:
    """Each decision about their messages, newest first, in these hotels, with the subject of what is in the sandbox."""
    found = tx.rows(
        dict,
        f"""
        select message_id, decision.at, decision.state, decision.reason, decision.channel, decision.held_until,
               coalesce(message.zone, 'UTC') as zone, journey, step, message.purpose,
               coalesce(kept.subject, '') as subject, kept.words_sealed
        from {DECIDED} as decision join delivery as message using (message_id)
             left join recipient as guest using (guest_id)
             left join sandbox_message as kept using (message_id)
        where message.guest_id = %(id)s and {MESSAGE_SEEN}
        order by decision.at desc, decision.seq desc limit %(most)s
        """,
        {"id": guest_id, **scope.values, "most": most},
    )
    for one in found:
        if sealed := one.pop("words_sealed"):
            one["subject"] = SentWords.opened(tx.keyring, sealed).subject
    return found


def receipts(tx: Tx, guest_id: UUID, scope: Scope, most: int = 200) -> list[dict[str, Any]]:
    """What became of their messages after they were sent, newest first, in these hotels."""
    return tx.rows(
        dict,
        f"""
        select message_id, happened_at as at, receipt.state, receipt.reason, receipt.channel,
               coalesce(message.zone, 'UTC') as zone, journey
        from receipt join delivery as message using (message_id) left join recipient as guest using (guest_id)
        where message.guest_id = %(id)s and receipt.state <> 'on_its_way' and {MESSAGE_SEEN}
        order by happened_at desc, message_id limit %(most)s
        """,
        {"id": guest_id, **scope.values, "most": most},
    )


def address_of_message(tx: Tx, message_id: UUID) -> str | None:
    """The sealed address that a message went to."""
    row = tx.execute(
        f"select {ADDRESS.format(of='delivery')} from delivery where message_id = %s", [message_id]
    ).fetchone()
    return row[0] or None if row else None


def country_of_hotel(tx: Tx, code: str | None) -> str | None:
    row = tx.execute("select country from property_known where code = %s", [code]).fetchone()
    return row[0] if row else None
