"""What messaging keeps of properties."""

from __future__ import annotations

from datetime import datetime

from orjson import dumps

from services.messaging.commands.on.soundness import refuse_unknown_zones
from services.messaging.store import read_models as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_properties(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    refuse_unknown_zones(chunk, "zone")
    names = [dumps(names).decode() for names in chunk["names"]]
    store.keep_properties(tx, {**chunk.columns, "names": names, "again": chunk.republished})
