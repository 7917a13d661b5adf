"""What messaging keeps of journeys: the names that pages show."""

from __future__ import annotations

from datetime import datetime

from services.messaging.store import read_models as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_journeys(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    store.keep_journeys(tx, chunk.columns)
