"""Messaging publishes what became of messages."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.on.happenings import on_happening
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.store.enrolments import lock_by_id
from services.campaigns.store.messages import note_receipts, settle
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

# A message that may have reached the guest is as final as one that did: it is never asked for again.
FINAL = frozenset(
    {MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED, MessageState.EXPIRED, MessageState.UNKNOWN}
)


def on_message_outcome(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Keep each message's outcome. Others' messages are passed over.

    A message may go in the moment it is taken back. Where the occurrence was planned anew meanwhile, the new plan ends.
    """
    late = {one.enrolment_id: one.plan for one in settle(tx, chunk, FINAL)}
    if not late:
        return
    replanned = [one for one in lock_by_id(tx, list(late)) if one.plan > late[one.id] and must_leave(one)]
    leave(tx, [Leaving(one, Reason.ALREADY_SETTLED) for one in replanned], at)


def on_receipt(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """`message.delivered.v1` and its like: the middle of the name is what became of it."""
    note_receipts(tx, chunk, chunk.type.name.split(".")[1])
    on_happening(tx, chunk, at)
