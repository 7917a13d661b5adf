"""What messaging republishes when a subscriber must fill itself anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.messaging import MessageBounced, MessageComplained, MessageDelivered, PublishedReceipt
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
RECEIPTS = """
    select message_id, receipt.version, guest_id, journey, journey_version, step, occurrence, purpose, property,
           stay_id, receipt.channel, receipt.reason, happened_at
    from receipt join delivery using (message_id)
    where receipt.state = %(state)s and message_id > %(after)s
      and not exists (select from recipient where recipient.guest_id = delivery.guest_id and gone = 'erased')
    order by message_id limit %(most)s
"""
