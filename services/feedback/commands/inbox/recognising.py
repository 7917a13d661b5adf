"""A person says which guest a stranger is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.inbox.changes import ThreadChanged
from services.feedback.store.inbox import answers, folding, recognitions, threads
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import StrangerRecognised
from shared.ids import make_id


def recognise(tx: Tx, thread_id: UUID, version: int, guest_id: UUID, at: datetime, *, by: str) -> None:
    """The stranger's conversation becomes part of the guest's; publishes stranger.recognised. Raises `ThreadChanged`.

    1. What they wrote from there is the guest's, and what was answered to them was answered to the guest.
    2. What comes from there later is the guest's while no other is known by that point.
    3. Objections that were made there stand: they belong to the point.
    """
    held = threads.hold_stranger(tx, thread_id, version)
    if held is None:
        raise ThreadChanged()
    channel, point = held
    recognitions.take_replies(tx, channel, point, guest_id)
    answers.hand_to(tx, thread_id, guest_id)
    folding.recognise(tx, thread_id, guest_id)
    recognitions.add(
        tx,
        recognitions.Recognition(
            recognition_id=make_id("recognition", thread_id, at.isoformat()),
            stranger_id=thread_id,
            guest_id=guest_id,
            channel=channel,
            point=point,
            by_name=by,
            at=at,
        ),
    )
    told = StrangerRecognised(
        stranger_id=thread_id, version=int(at.timestamp() * 1_000_000), guest_id=guest_id, recognised_at=at
    )
    publish(tx, chunk_of([told]), at=at)
