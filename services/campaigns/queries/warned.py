"""Journeys that wait for what a rehearsal cannot know."""

from __future__ import annotations

from collections.abc import Collection

from services.campaigns.steps.kind import Document
from shared.database.pool import Tx


def waiting_for(tx: Tx, entries: Collection[str]) -> dict[str, Document]:
    """By journey that runs and begins with one of these, its document."""
    rows = tx.execute(
        """
        select key, document from journey
        join journey_version version on (version.journey, version.version) = (key, live_version)
        where state in ('live', 'paused') and document->'entry' ?| %s::text[] order by key
        """,
        [sorted(entries)],
    )
    return dict(rows.fetchall())
