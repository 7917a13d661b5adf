"""A service recorded what somebody did in it."""

from __future__ import annotations

import json
from datetime import datetime

from services.console.store import audit
from shared.database.pool import Tx
from shared.events import Chunk


def keep_audit(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    audit.add(tx, {**chunk.columns, "details": [json.dumps(details) for details in chunk["details"]]})
