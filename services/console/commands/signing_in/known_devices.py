"""A device on which somebody has signed in is known from then on: guesses made elsewhere do not lock them out there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.console.store import known_devices as store
from shared.database.pool import Tx

KNOWN_FOR = timedelta(days=180)
"""From the last sign-in there."""


def know(tx: Tx, device_id: UUID, person_id: UUID, at: datetime, *, before: UUID | None) -> bool:
    """`device_id`: a random number, new at each sign-in, so that a copy of the one `before` is worth nothing.
    Whether the device is new to somebody who is known on others.
    """
    is_known = before is not None and store.is_known(tx, before, person_id)
    is_news = not is_known and store.has_any(tx, person_id)
    if before:
        store.rename(tx, before, device_id)
    store.add(tx, device_id, person_id, at)
    store.forget(tx, at - KNOWN_FOR)
    return is_news
