"""A person says which guest a stranger is, or that they are not that guest after all."""

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
    recognition = recognitions.Recognition(
        recognition_id=make_id("recognition", thread_id, at.isoformat()),
        stranger_id=thread_id,
        guest_id=guest_id,
        channel=channel,
        point=point,
        by_name=by,
        at=at,
    )
    recognitions.take_replies(tx, recognition)
    answers.hand_to(tx, thread_id, guest_id, recognition.recognition_id)
    folding.recognise(tx, thread_id, guest_id)
    recognitions.add(tx, recognition)
    told = StrangerRecognised(stranger_id=thread_id, version=_version(at), guest_id=guest_id, recognised_at=at)
    publish(tx, chunk_of([told]), at=at)


def take_recognition_back(tx: Tx, recognition: recognitions.Recognition, at: datetime, *, by: str) -> UUID:
    """What came by it is a stranger's conversation again, whose number is returned; publishes stranger.recognised.
    `recognition`: one that is held.

    1. What they wrote from there, before and since, and what was answered to it, is no longer the guest's.
    2. What comes from there later is a stranger's until somebody is recognised again.
    3. Cases that were opened meanwhile stay where they are: a person has them in hand.
    """
    thread_id = threads.thread_of_stranger(tx, recognition.channel, recognition.point)
    messages = recognitions.give_back(tx, recognition, thread_id)
    recognitions.take_back(tx, recognition.recognition_id, by, at)
    guest = threads.top_of(tx, recognition.guest_id)
    threads.part_stranger(tx, guest, recognition.channel, recognition.point)
    told = StrangerRecognised(
        stranger_id=recognition.stranger_id,
        version=max(_version(at), _version(recognition.at) + 1),
        guest_id=recognition.guest_id,
        recognised_at=at,
        taken_back=True,
        messages=messages,
    )
    publish(tx, chunk_of([told]), at=at)
    return thread_id


def _version(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
