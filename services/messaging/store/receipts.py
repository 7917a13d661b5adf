"""What became of messages after their provider took them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.store.sending.results import STATE, MessageStatus
from shared.database.pool import Tx
from shared.rows import row


@row
class RaisedReceipt:
    """A receipt that has just risen, with what is published of its message."""

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str
    reason: str | None
    happened_at: datetime
    lane: str
    state: str

    def row(self) -> tuple[Any, ...]:
        """In the order of PublishedReceipt's fields."""
        message = (self.message_id, self.version, self.guest_id, self.journey, self.journey_version, self.step)
        where = (self.occurrence, self.purpose, self.property, self.stay_id, self.channel)
        return (*message, *where, self.reason, self.happened_at)


def raise_receipts(tx: Tx, params: Mapping[str, Any]) -> list[RaisedReceipt]:
    """Those whose rank is higher now. A message that is not ours, was never handed over, went by another channel or
    whose guest was erased has none."""
    return tx.rows(RaisedReceipt, RAISE, params)


def note_read(tx: Tx, messages: Sequence[UUID], at: datetime) -> None:
    """The first time that it was said of a message."""
    tx.execute("update receipt set read_at = %s where message_id = any(%s) and read_at is null", [at, list(messages)])


def keep_prices(tx: Tx, params: Mapping[str, Any]) -> None:
    """What providers take for messages, of those that have a receipt; a price that is known stays."""
    tx.execute(PRICES, params)


def settle_unknown(tx: Tx, messages: Sequence[UUID], reason: str, at: datetime) -> list[MessageStatus]:
    """Those of these messages whose outcome was unclear, or that would go once more since the provider was thought not
    to have them, and of which a receipt says that it has."""
    return tx.rows(MessageStatus, SETTLE, {"messages": list(messages), "reason": reason, "at": at})


@dataclass(frozen=True, slots=True)
class Unpriced:
    message_id: UUID
    channel: str
    provider_ref: str
    sender_id: UUID | None

    @property
    def via(self) -> str:
        """By what its sender is found."""
        return str(self.sender_id) if self.sender_id else self.channel


def take_unpriced(tx: Tx, params: Mapping[str, Any]) -> list[Unpriced]:
    """Those whose provider is due to be asked what it takes: ever less often, and not for ever."""
    return tx.rows(Unpriced, TAKE_UNPRICED, params)


def next_unpriced(tx: Tx) -> datetime | None:
    row = tx.execute("select min(price_due) from receipt where price_due is not null").fetchone()
    return row[0] if row else None


TAKE_UNPRICED = """
    with due as (
        select message_id from receipt where price_due <= %(now)s
        order by price_due, message_id limit %(most)s for update skip locked
    )
    update receipt set price_due = case when provider_ref is not null and reported_at > %(now)s - %(last)s
                                        then %(now)s + greatest(%(now)s - reported_at, %(first)s) end
    from due where receipt.message_id = due.message_id
    returning receipt.message_id, channel, coalesce(provider_ref, '') as provider_ref,
        (select sender_id from delivery where message_id = receipt.message_id) as sender_id
"""
RAISE = """
    with said as materialized (
        select * from unnest(%(message_id)s::uuid[], %(channel)s::text[], %(state)s::text[], %(rank)s::int[],
                             %(reason)s::text[], %(detail)s::text[], %(ref)s::text[], %(happened_at)s::timestamptz[])
            as said (message_id, channel, state, rank, reason, detail, ref, happened_at)
    ), message as materialized (
        select delivery.* from delivery join said using (message_id)
        where delivery.channel = said.channel and delivery.attempts > 0
          and not exists (select from recipient where recipient.guest_id = delivery.guest_id and gone = 'erased')
        order by message_id for update of delivery
    ), raised as (
        insert into receipt as known (message_id, version, channel, state, rank, reason, detail, provider_ref,
                                      happened_at, reported_at, price_due)
        select message_id, 1, said.channel, said.state, rank, said.reason, said.detail, ref, happened_at,
               %(at)s, case when said.channel = any(%(priced)s) then %(at)s + %(first)s end
        from message join said using (message_id) order by message_id
        on conflict (message_id) do update
        set version = known.version + 1, state = excluded.state, rank = excluded.rank, reason = excluded.reason,
            detail = excluded.detail, provider_ref = coalesce(known.provider_ref, excluded.provider_ref),
            happened_at = excluded.happened_at, reported_at = excluded.reported_at
        where known.rank < excluded.rank
        returning *
    )
    select message_id, raised.version, guest_id, journey, journey_version, step, occurrence, purpose, property, stay_id,
           raised.channel, raised.reason, raised.happened_at, lane, raised.state
    from raised join message using (message_id) order by message_id
"""
PRICES = """
    update receipt set price = said.price, currency = said.currency, price_due = null
    from unnest(%(message_id)s::uuid[], %(price)s::numeric[], %(currency)s::text[])
        as said (message_id, price, currency)
    where receipt.message_id = said.message_id and receipt.price is null
"""
SETTLE = f"""
    with known as materialized (
        select message_id from delivery join receipt using (message_id)
        where message_id = any(%(messages)s) and delivery.state in ('unknown', 'queued', 'held') and attempts > 0
        order by message_id for update of delivery
    ), ended as (
        update delivery set state = 'sent', version = delivery.version + 1, reason = %(reason)s, changed_at = %(at)s,
            provider_ref = coalesce(delivery.provider_ref, receipt.provider_ref)
        from known join receipt using (message_id)
        where delivery.message_id = known.message_id and delivery.state in ('unknown', 'queued', 'held')
        returning delivery.*
    ), decided as (
        insert into decision (message_id, at, state, reason, channel, address_sealed, language)
        select message_id, %(at)s, state, reason, channel, address_sealed, language from ended order by message_id
    )
    select {STATE} from ended order by message_id
"""
