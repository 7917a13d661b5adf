"""What services other than console publish for the audit trail: who did what to what.

Console, which keeps the trail, records its own actions by its command `record_audit` under the same names.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import AuditRecorded
from shared.ids import make_id

THE_GUEST = "a guest"
"""Who did it, where a guest did, in the trail and in proofs of consent."""


def record(tx: Tx, who: Person | str, action: str, subject: str, details: dict[str, Any] | None, at: datetime) -> UUID:
    """Publish that `who` did `action` («guest.viewed») to `subject`: kind and key, as «guest <id>» or «segment lapsed».

    The kinds of `shared.web.navigation.address` become links. `details` is JSON and holds no contact point and no text
    of a guest: the trail is kept for years. The same thing at the same instant is one entry.
    """
    actor = who if isinstance(who, str) else who.name
    text = json.dumps(details or {}, sort_keys=True, ensure_ascii=False)
    audit_id = make_id("audit", tx.service, actor, action, subject, text, at.isoformat())
    entry = AuditRecorded(
        audit_id=audit_id,
        version=1,
        service=tx.service,
        actor=actor,
        action=action,
        subject=subject,
        details=details or {},
        recorded_at=at,
        role=None if isinstance(who, str) else who.role,
        hotels=None if isinstance(who, str) else sorted(who.properties),
    )
    publish(tx, chunk_of([entry]), at=at)
    return audit_id
