"""A warning was raised: it comes to the journeys that begin with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.rules.entries import counts
from services.campaigns.steps.warning_entry import WarningEntry
from services.campaigns.store import warning_turns as store
from services.campaigns.store.calendars import zone_of_hotel
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.warning_turns import Raised
from shared.database.pool import Tx
from shared.events import Chunk


def on_warning_raised(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Told twice it is one; whoever enters by it is let in by the clock, in ranges. One of before the launch, or of no
    hotel, begins nothing."""
    lives = [(live, live.journey.entry) for live in live_journeys(tx, at)]
    wanted = [(live, entry) for live, entry in lives if isinstance(entry, WarningEntry)]
    if not wanted or chunk.republished:
        return
    raised = [one for one in _raised(chunk) if one.property]
    zones = {hotel: zone_of_hotel(tx, hotel) or "UTC" for hotel in sorted({one.property for one in raised})}
    turns = [
        (live.key, one)
        for one in raised
        for live, entry in wanted
        if entry.wants(one.signal, one.property) and counts(live, one.at, zones[one.property])
    ]
    if turns:
        store.keep(tx, turns)


def _raised(chunk: Chunk) -> list[Raised]:
    columns = (chunk[name] for name in ("warning_id", "signal", "property", "occurred_at"))
    return [
        Raised(UUID(id), signal, hotel, datetime.fromisoformat(at))
        for id, signal, hotel, at in zip(*columns, strict=True)
    ]
