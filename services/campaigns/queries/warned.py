"""Journeys that wait for a warning."""

from __future__ import annotations

from services.campaigns.steps.kind import Document
from shared.database.pool import Tx


def waiting_for_warnings(tx: Tx) -> dict[str, Document]:
    """By journey that runs, its document."""
    rows = tx.execute(
        """
        select key, document from journey
        join journey_version version on (version.journey, version.version) = (key, live_version)
        where state in ('live', 'paused') and document->'entry' ? 'warning' order by key
        """
    )
    return dict(rows.fetchall())
