"""The audit trail: who did what to what, for ever."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from services.console.store import audit as store
from shared.database.pool import Tx
from shared.events import Chunk
from shared.ids import make_id


def record_audit(tx: Tx, actor: str, action: str, subject: str, details: dict[str, Any], at: datetime) -> UUID:
    """Enter what somebody did in console itself; the same thing at the same instant is entered once."""
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    audit_id = make_id("audit", tx.service, actor, action, subject, text, at.isoformat())
    entry = {
        "audit_id": audit_id,
        "service": tx.service,
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": text,
        "recorded_at": at,
    }
    store.add(tx, {name: [value] for name, value in entry.items()})
    return audit_id


def keep_audit(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Enter what the services say was done in them."""
    store.add(tx, {**chunk.columns, "details": [json.dumps(details) for details in chunk["details"]]})
