"""A guest is erased, and a service has erased its data of them."""

from __future__ import annotations

from datetime import datetime

from services.console.personal_data import PERSONAL_DATA
from services.console.store import audit, counts
from shared.bus.erasing import wait_for_handlers
from shared.database.pool import Tx
from shared.events import Chunk
from shared.personal_data.forget import forget, guests_in


def erase_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Console knows guests by number only: what its trail and its events say beside it goes. That it has forgotten them
    it keeps at once: from here on it answers nothing about them.
    """
    wait_for_handlers(tx)
    guests = guests_in(chunk)
    changed = audit.forget(tx, list(guests))
    said = forget(tx, PERSONAL_DATA, guests, at, {min(guests): {"audit_entry": changed}})
    counts.keep_forgotten(tx, said)


def keep_forgotten(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_forgotten(tx, chunk)
