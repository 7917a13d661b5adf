"""The audit trail: who did what to what. Entries are never changed, and go when their term is over."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from services.console.store import audit as store
from shared.access.people import Person
from shared.database.pool import Tx
from shared.ids import make_id


def record_audit(tx: Tx, who: Person | str, action: str, subject: str, details: dict[str, Any], at: datetime) -> UUID:
    """Records what somebody did in console itself, once for the same action at the same instant."""
    actor = who if isinstance(who, str) else who.name
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
        "role": None if isinstance(who, str) else who.role,
        "hotels": None if isinstance(who, str) else sorted(who.properties),
    }
    store.add(tx, {name: [value] for name, value in entry.items()})
    return audit_id
