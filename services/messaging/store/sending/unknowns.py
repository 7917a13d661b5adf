"""Messages whose outcome is unclear: which to look up at the provider, and how they are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.store.sending.newest_text import newest_text
from services.messaging.store.sending.results import STATE, MessageStatus
from shared.database.pool import Tx

CAN_BE_ASKED = """case when sender_id is null then channel = any(%(channels)s)
                       else sender_id = any(%(senders)s::uuid[]) end"""
"""Of a message: its sender can. `channels`: those whose sender the environment names."""


def resolve(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """One message whose outcome was unclear, as a person found it."""
    return tx.rows(
        MessageStatus,
        f"""
        with ended as (
            update delivery set state = %(state)s, version = version + 1, reason = %(reason)s, changed_at = %(at)s
            where message_id = %(message_id)s and state = 'unknown'
            returning *
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, %(at)s, state, reason, channel, address_sealed, language from ended
        )
        select {STATE} from ended
        """,
        params,
    )


@dataclass(frozen=True, slots=True)
class Unclear:
    """`claimed_at`: it was handed over no earlier; `since`: unclear since then. `others`: what the provider calls
    other messages to the same contact point."""

    message_id: UUID
    version: int
    channel: str
    point: str
    purpose: str
    address_sealed: str
    text_sealed: str | None
    sheet: bytes | None
    claimed_at: datetime
    since: datetime
    others: list[str]
    sender_id: UUID | None

    @property
    def via(self) -> str:
        """By what its sender is found."""
        return str(self.sender_id) if self.sender_id else self.channel


def take_unclear(tx: Tx, params: Mapping[str, Any]) -> list[Unclear]:
    """Those due to be asked about: ever less often, by nobody else meanwhile (`next_at` says when), and not while
    something else is on its way to the same number, for which the provider's entry could be mistaken.
    """
    return tx.rows(
        Unclear,
        f"""
        with due as (
            select message_id from delivery
            where state = 'unknown' and {CAN_BE_ASKED} and num_nulls(address_sealed, claimed_at) = 0
              and next_at <= %(now)s and changed_at <= %(now)s - %(first)s
              and not exists (select from delivery as other where other.point = delivery.point
                              and other.claimed_at is not null and other.state = 'claimed')
            order by changed_at, message_id limit %(most)s for update skip locked
        ), asked as (
            update delivery set next_at = %(now)s + least(greatest(%(now)s - changed_at, %(first)s), %(seldom)s)
            from due where delivery.message_id = due.message_id
            returning delivery.message_id, version, channel, point, purpose, address_sealed, claimed_at,
                changed_at as since, sender_id
        )
        select asked.*, kept.text_sealed, kept.packed as sheet,
            array(select provider_ref from delivery as other
                  where other.point = asked.point and other.claimed_at is not null and other.provider_ref is not null
                    and other.message_id <> asked.message_id) as others
        from asked {newest_text("asked.message_id")}
        """,
        params,
    )


def next_to_ask(tx: Tx, params: Mapping[str, Any]) -> datetime | None:
    """When the next one is due to be asked about."""
    row = tx.execute(
        f"""
        select min(greatest(next_at, changed_at + %(first)s)) from delivery
        where state = 'unknown' and {CAN_BE_ASKED} and num_nulls(address_sealed, claimed_at) = 0
        """,
        params,
    ).fetchone()
    return row[0] if row else None


def lock_points(tx: Tx, params: Mapping[str, Any]) -> None:
    """Two unclear messages to one number: what the provider lists once settles one of them."""
    tx.execute(
        """
        select count(pg_advisory_xact_lock(key)) from (
            select distinct hashtextextended(point, 0) as key from unnest(%(points)s::text[]) as point
            order by key offset 0
        ) as points
        """,
        params,
    )


def settle(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """What the provider's list shows, by compare-and-set on the message's version."""
    return tx.rows(
        MessageStatus,
        f"""
        with said as materialized (
            select * from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(reason)s::text[],
                                 %(ref)s::text[]) as said (message_id, version, state, reason, ref)
        ), locked as materialized (
            select message_id from delivery where message_id = any(%(message_id)s::uuid[])
                order by message_id for update
        ), ended as (
            update delivery set state = said.state, version = delivery.version + 1, reason = said.reason,
                provider_ref = coalesce(said.ref, provider_ref), changed_at = %(at)s
            from said join locked using (message_id)
            where delivery.message_id = said.message_id and delivery.state = 'unknown'
                and delivery.version = said.version
              and not exists (select from delivery as other where other.point = delivery.point
                              and other.claimed_at is not null and other.provider_ref = said.ref
                              and other.message_id <> said.message_id)
            returning delivery.*
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, %(at)s, state, reason, channel, address_sealed, language from ended order by message_id
        )
        select {STATE} from ended order by message_id
        """,
        params,
    )


def queue(tx: Tx, params: Mapping[str, Any]) -> int:
    """Due again at once; what was taken back meanwhile is withdrawn. How many."""
    return tx.execute(
        """
        update delivery set state = case when taken_back is null then 'queued' else 'withdrawn' end,
            reason = taken_back,
            version = delivery.version + 1, claim_token = null, claimer = null, claimed_at = null, lease_until = null,
            provider_ref = null, provider_detail = null, next_at = %(at)s, changed_at = %(at)s
        from unnest(%(message_id)s::uuid[], %(version)s::bigint[]) as said (message_id, version)
        where delivery.message_id = said.message_id and state = 'unknown' and delivery.version = said.version
        """,
        params,
    ).rowcount
