"""Somebody's access has ended: nobody calls them, and their number and address are gone."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store.care import duty
from shared.database.pool import Tx
from shared.events import Chunk


def take_off_lists(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """By the newest that is known of a person, whichever of the two subscriptions hears it first."""
    ended = [
        (person_id, version)
        for person_id, version, role in zip(chunk["person_id"], chunk["version"], chunk["role"], strict=True)
        if role is None
    ]
    if ended:
        duty.remove_ended(tx, *map(list, zip(*ended, strict=True)))
