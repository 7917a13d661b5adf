"""What became of messages, by whoever reports it: a provider's webhook, a mail that came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.messaging.commands.consents.by_guests import object_from
from services.messaging.commands.consents.by_staff import object_to
from services.messaging.commands.refused_points import refuse_points
from services.messaging.commands.sending.publish_status import publish_status
from services.messaging.queries.guests.way_out import came_from
from services.messaging.rules.receipts import Report, last_words
from services.messaging.store import receipts as store
from services.messaging.store.point_aliases import hold_points
from services.messaging.store.receipts import RaisedReceipt
from services.messaging.store.sending.results import suppress_points_of, where_it_went
from shared.bus.dead_letters import storable
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Lane, chunk_of_rows
from shared.events.messaging import MessageBounced, MessageComplained, MessageDelivered, PublishedReceipt
from shared.telemetry import metrics
from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

EVENTS: dict[str, type[PublishedReceipt]] = {
    ReceiptState.DELIVERED: MessageDelivered,
    ReceiptState.BOUNCED: MessageBounced,
    ReceiptState.COMPLAINED: MessageComplained,
}


PRICED = [str(channel) for channel in Channel if channel.contact is ContactKind.NUMBER]
"""Channels on which each message has a price, which its provider knows some time after it is sent."""
FIRST_PRICED_AFTER, PRICED_WITHIN = timedelta(minutes=10), timedelta(days=3)


def take_reports(tx: Tx, reports: Sequence[Report], at: datetime) -> int:
    """Each message's receipt rises, or nothing happens; how many rose.

    1. One whose outcome was unclear was sent: its provider speaks of it.
    2. What came back is published, and no longer counts as a contact. Only a bad address is not written to again; a
       provider's STOP suppresses; a full box counts at the gate; a refusal by policy is shown to the operators.
    3. Whoever complained gets no offers there any more, nor what they complained of.
    """
    said = last_words(reports)
    if not said:
        return 0
    hold_points(tx)
    raised = store.raise_receipts(tx, {**_columns(said), "at": at, "priced": PRICED, "first": FIRST_PRICED_AFTER})
    priced = {one.message_id: (one.price, one.currency) for one in reports if one.price is not None and one.currency}
    if priced:
        keep_prices(tx, priced)
    if read := [one.message_id for one in reports if one.is_read]:
        store.note_read(tx, read, at)
    settle_what_arrived(tx, [one.message_id for one in said], at)
    _publish(tx, raised, at)
    bounced = [one for one in raised if one.state == ReceiptState.BOUNCED]
    if bad := [one.message_id for one in bounced if one.reason == Reason.BAD_ADDRESS]:
        refuse_points(tx, bad, at)
    if objected := [one.message_id for one in bounced if one.reason == Reason.OPTED_OUT]:
        suppress_points_of(tx, {"message_id": objected, "at": at})
    for one in raised:
        if one.state == ReceiptState.COMPLAINED:
            _end_offers(tx, one, at)
    return len(raised)


def settle_what_arrived(tx: Tx, messages: Sequence[UUID], at: datetime) -> None:
    """Those of these messages whose outcome is unclear, and of which a receipt is there."""
    if not messages:
        return
    publish_status(tx, store.settle_unknown(tx, messages, str(Reason.PROVIDER_HAS_IT), at), at)


def take_unsubscription(tx: Tx, message_id: UUID, source: str, at: datetime) -> None:
    """The reader of a message wants no more of its kind; of one that has no way out nothing ends."""
    if link := came_from(tx, message_id):
        object_from(tx, link, source=source, at=at)


def _end_offers(tx: Tx, one: RaisedReceipt, at: datetime) -> None:
    take_unsubscription(tx, one.message_id, "complaint", at)
    point = where_it_went(tx, one.message_id)
    if point and one.purpose != Purpose.MARKETING:
        object_to(tx, one.guest_id, one.channel, Purpose.MARKETING, [point], source="complaint", at=at)


def _publish(tx: Tx, raised: Sequence[RaisedReceipt], at: datetime) -> None:
    chunks: defaultdict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for one in raised:
        if one.state in EVENTS:
            chunks[one.state, one.lane].append(one.row())
    for (state, lane), rows in sorted(chunks.items()):
        publish(tx, chunk_of_rows(EVENTS[state], rows), at=at, lane=Lane(lane))
    metrics.record_receipts(tx.service, ((one.channel, one.state, one.reason) for one in raised))
    metrics.record_receipt_delays(tx.service, ((one.state, at - one.happened_at) for one in raised))


def _columns(said: Sequence[Report]) -> dict[str, list[object]]:
    return {
        "message_id": [one.message_id for one in said],
        "channel": [str(one.channel) for one in said],
        "state": [str(one.state) for one in said],
        "rank": [one.rank for one in said],
        "reason": [one.reason and str(one.reason) for one in said],
        "detail": [one.detail and storable(one.detail)[:80] for one in said],
        "ref": [one.ref and storable(one.ref)[:200] for one in said],
        "happened_at": [one.happened_at for one in said],
    }


def keep_prices(tx: Tx, found: Mapping[UUID, tuple[Decimal, str]]) -> None:
    """What a provider said that it takes for these messages."""
    amounts, currencies = ([one[place] for one in found.values()] for place in (0, 1))
    store.keep_prices(tx, {"message_id": list(found), "price": amounts, "currency": currencies})
