"""A message has changed its state."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.inbox.answering import receive_receipts, settle_answers
from services.feedback.store import messages
from shared.database.pool import Tx
from shared.events import Chunk
from shared.events.messaging import RECEIPT_EVENTS


def keep_messages(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Keeps the messages that were sent: only those can be answered. And what became of our answers."""
    messages.keep(tx, chunk)
    settle_answers(tx, _answers(chunk).columns)


def keep_receipts(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Of our answers: whether they reached the guest."""
    receive_receipts(tx, RECEIPTS[chunk.type.name], _answers(chunk).columns)


def _answers(chunk: Chunk) -> Chunk:
    return chunk.pick(place for place, journey in enumerate(chunk["journey"]) if journey == ANSWERS)


ANSWERS = "answer"
"""What messaging names as the journey of what a person wrote."""
RECEIPTS = {name: name.split(".")[1] for name in RECEIPT_EVENTS}
