"""Something happened to guests: they enter the journeys that begin with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.entries import Live
from services.campaigns.rules.happening_entries import Happened, by_happening
from services.campaigns.steps.happening_entry import HappeningEntry
from services.campaigns.store.copies import zones_of
from shared.database.pool import Tx
from shared.events import Chunk


def let_in_happened(tx: Tx, lives: Sequence[Live], chunk: Chunk, instant: str, at: datetime) -> None:
    """`instant` names the column of when it happened. Told twice or late, each lets in once."""
    event = chunk.type.name.removesuffix(".v1")
    wanted = [live for live in lives if begins_with(live, event)]
    if not wanted or not len(chunk):
        return
    zones = zones_of(tx, chunk["guest_id"], [one for one in chunk["property"] if one])
    subjects = (dict(zip(chunk.columns, values, strict=True)) for values in zip(*chunk.columns.values(), strict=True))
    enter_by(tx, wanted, [_happened(event, told, instant, zones) for told in subjects], at)


def enter_by(tx: Tx, lives: Sequence[Live], happened: Sequence[Happened], at: datetime) -> None:
    """Each once for what is told twice."""
    found = [entrance for one in happened for live in lives if (entrance := by_happening(live, one))]
    lock_and_enter(tx, list({(one.live.key, one.guest_id, one.occurrence): one for one in found}.values()), at)


def begins_with(live: Live, *events: str) -> bool:
    return isinstance(live.journey.entry, HappeningEntry) and live.journey.entry.happening in events


def _happened(event: str, told: dict[str, Any], instant: str, zones: dict[str, str]) -> Happened:
    """By the guest's own clock; of whom none is known by the hotel's."""
    at = datetime.fromisoformat(told[instant])
    zone = zones.get(told["guest_id"]) or zones.get(told["property"] or "") or "UTC"
    return Happened(
        event=event,
        guest_id=UUID(told["guest_id"]),
        zone=zone,
        at=at,
        since=datetime.fromisoformat(answered) if (answered := told.get("answered_at")) else at,
        told=told,
    )
