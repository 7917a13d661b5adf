"""Publish a journey's document as its next version."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.rules.document import journey_of
from services.campaigns.steps.kind import Document
from services.campaigns.store import journeys
from services.campaigns.store.awaiting import add_awaited
from shared.database.pool import Tx


def publish(tx: Tx, document: Document, at: datetime, by: str) -> int:
    """The version it has: a new one, or the newest where nothing changed. `document` comes from `schemas`."""
    key = document["key"]
    journeys.add_journey(tx, key, document["name"], at)
    journeys.lock_journey(tx, key)
    newest = journeys.newest_version(tx, key)
    if newest is not None and newest[1] == document:
        return newest[0]
    version = newest[0] + 1 if newest else 1
    journeys.add_version(tx, key, version, document, at, by)
    if awaited := journey_of(document).awaited:
        add_awaited(tx, key, version, awaited)
    return version
