"""What campaigns asks for and takes back."""

from __future__ import annotations

from datetime import datetime

import orjson

from services.messaging.commands.on.soundness import refuse_unsound_requests
from services.messaging.commands.sending.results import mark_uncertain
from services.messaging.store.going_live import end_what_is_past
from services.messaging.store.sending import requests as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.telemetry import metrics


def keep_requests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Plan a delivery for each request, once; a request taken back before it came is withdrawn from the start."""
    refuse_unsound_requests(chunk)
    columns = {
        name: [orjson.dumps(value).decode() for value in chunk[name]] for name in ("channels", "wants", "values")
    }
    store.keep_requests(tx, {**chunk.columns, **columns, "at": at})
    end_what_is_past(tx, chunk["message_id"])
    mark_uncertain(tx, chunk["message_id"], at)


def withdraw_messages(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Take back what has not been claimed. One that was held has been seen by the gate: that it ends is a decision.
    What is on its way may have gone; should it turn out not to, it does not go a second time."""
    columns = {**chunk.columns, "at": at}
    store.leave_tombstones(tx, columns)
    store.lock(tx, columns)
    store.withdraw(tx, columns)
    if not chunk.republished and not tx.is_scratch:
        metrics.record_withdrawals(tx.service, (at - datetime.fromisoformat(since) for since in chunk["withdrawn_at"]))
    store.take_back_later(tx, columns)
