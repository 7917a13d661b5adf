"""What messaging keeps of follow-ups and complaints."""

from __future__ import annotations

from datetime import datetime

from services.messaging.store import read_models as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_cases(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    store.keep_cases(tx, chunk.columns)
