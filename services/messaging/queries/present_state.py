"""What messaging republishes when a subscriber must fill itself anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.messaging.store.senders.counted import all_days
from services.messaging.store.senders.rows import BELIEVED_FOR, sealed_for_receivers
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.messaging import (
    MessageBounced,
    MessageComplained,
    MessageDelivered,
    PublishedReceipt,
    ReceiverChanged,
    SenderCounted,
)
from shared.vocabulary.receipt import ReceiptState

FIRST = "00000000-0000-0000-0000-000000000000"


def receipts(state: ReceiptState, kind: type[PublishedReceipt]) -> Callable[[Tx, tuple[Any, ...] | None, int], Chunk]:
    """The next messages by number of which this is the last that is known."""

    def source(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
        rows = tx.execute(RECEIPTS, {"state": state, "after": after[0] if after else FIRST, "most": most})
        return chunk_of_rows(kind, rows.fetchall())

    return source


all_deliveries = receipts(ReceiptState.DELIVERED, MessageDelivered)
all_bounces = receipts(ReceiptState.BOUNCED, MessageBounced)
all_complaints = receipts(ReceiptState.COMPLAINED, MessageComplained)


def all_receivers(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """Of the senders with an account, what it signs with; for some days of deleted ones too."""
    params = {"after": after[0] if after else FIRST, "most": most, "believed": BELIEVED_FOR}
    return chunk_of_rows(
        ReceiverChanged,
        [
            (number, version, account, sealed_for_receivers(tx, Sealed(secret)), *rest)
            for number, version, account, secret, *rest in tx.execute(RECEIVERS, params)
        ],
    )


def all_sender_days(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """What each sender sent on each day that is counted; what was published of a day before has a greater version."""
    return chunk_of_rows(
        SenderCounted,
        [
            (sender, purpose, day, 1, name, channel, sent, bounced, complained, _over(day))
            for sender, purpose, day, name, channel, sent, bounced, complained in all_days(tx, after, most)
        ],
    )


def _over(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


RECEIVERS = """
    select sender_id, version, coalesce(ended.account, settings ->> 'account'),
           coalesce(ended.secret_sealed, sender.secret_sealed), ended_at + %(believed)s, coalesce(ended_at, changed_at)
    from sender left join ended_sender as ended using (sender_id)
    where kind = 'twilio' and sender_id > %(after)s and settings ->> 'account' <> ''
      and coalesce(ended.secret_sealed, sender.secret_sealed) is not null
    order by sender_id limit %(most)s
"""
RECEIPTS = """
    select message_id, receipt.version, guest_id, journey, journey_version, step, occurrence, purpose, property,
           stay_id, receipt.channel, receipt.reason, happened_at
    from receipt join delivery using (message_id)
    where receipt.state = %(state)s and message_id > %(after)s
      and not exists (select from recipient where recipient.guest_id = delivery.guest_id and gone = 'erased')
    order by message_id limit %(most)s
"""
