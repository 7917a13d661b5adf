"""What somebody is working at: one draft a journey."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.campaigns.steps.kind import Document
from shared.database.pool import Tx


@dataclass(frozen=True)
class Draft:
    journey: str
    document: Document
    revision: int
    changed_at: datetime
    changed_by: str
    edited_by_id: UUID | None


def find(tx: Tx, key: str) -> Draft | None:
    rows = tx.rows(
        Draft,
        """
        select journey, document, revision, changed_at, changed_by, edited_by_id from journey_draft where journey = %s
        """,
        [key],
    )
    return rows[0] if rows else None


def keep(tx: Tx, key: str, document: Document, at: datetime, by: str, by_id: UUID | None = None) -> int:
    """Its revision."""
    row = tx.execute(
        """
        insert into journey_draft (journey, document, revision, changed_at, changed_by, edited_by_id)
        values (%s, %s::jsonb, 1, %s, %s, %s)
        on conflict (journey) do update
        set document = excluded.document, revision = journey_draft.revision + 1, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by, edited_by_id = excluded.edited_by_id
        returning revision
        """,
        [key, json.dumps(document), at, by, by_id],
    ).fetchone()
    assert row is not None
    revision: int = row[0]
    return revision


def drop(tx: Tx, key: str) -> None:
    tx.execute("delete from journey_draft where journey = %s", [key])
