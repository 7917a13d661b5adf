"""Properties changed: their names and zones are kept."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.store.copies import keep_properties
from shared.database.pool import Tx
from shared.events import Chunk


def on_property_changed(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    keep_properties(tx, chunk)
