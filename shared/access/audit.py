"""What services other than console publish for the audit trail: who did what to what.

Console, which keeps the trail, records its own actions by its command `record_audit` under the same names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import AuditRecorded
from shared.ids import make_id

THE_GUEST = "a guest"
"""Who did it, where a guest did, in the trail and in proofs of consent."""


def record(tx: Tx, who: Person | str, action: str, subject: str, details: dict[str, Any] | None, at: datetime) -> None:
    """Publish that `who` did `action` («guest.viewed») to `subject`: kind and key, as «guest <id>» or «segment lapsed».

    The kinds of `shared.web.navigation.address` become links. `details` is JSON and holds no contact point and no text
    of a guest: the trail is kept for years. The same thing at the same instant is one entry.
    """
    record_each(tx, who, action, [(subject, details or {})], at)


def record_each(
    tx: Tx, who: Person | str, action: str, subjects: Sequence[tuple[str, dict[str, Any]]], at: datetime
) -> None:
    """The same done to many at once, each with its details."""
    entries = [_entry(tx, who, action, subject, details, at) for subject, details in subjects]
    if entries:
        with tx.writing() as noting:
            publish(noting, chunk_of(list({entry.audit_id: entry for entry in entries}.values())), at=at)


def _entry(
    tx: Tx, who: Person | str, action: str, subject: str, details: dict[str, Any], at: datetime
) -> AuditRecorded:
    actor = who if isinstance(who, str) else who.name
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    return AuditRecorded(
        audit_id=make_id("audit", tx.service, actor, action, subject, text, at.isoformat()),
        version=1,
        service=tx.service,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        recorded_at=at,
        role=None if isinstance(who, str) else who.role,
        hotels=None if isinstance(who, str) else sorted(who.properties),
    )
