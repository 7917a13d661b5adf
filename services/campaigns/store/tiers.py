"""The tiers of guests: whose is another one than it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.campaigns.steps.happening_entry import TIER
from shared.database.pool import Tx
from shared.events import Chunk


class TierChange(NamedTuple):
    """`tier`: empty where the guest has none any more. `version`: of the guest. `at`: when the guest changed."""

    guest_id: UUID
    version: int
    tier: str
    zone: str
    at: datetime


def are_asked_for(tx: Tx) -> bool:
    """Whether a journey that runs begins with a tier. Guests change by the thousand: no journey is locked for it where
    none does."""
    query = """
        select exists (
            select from journey j join journey_version v on (v.journey, v.version) = (j.key, j.live_version)
            where j.state in ('live', 'paused') and v.document -> 'entry' ->> 'happening' = %s
        )
    """
    row = tx.execute(query, [TIER]).fetchone()
    return bool(row and row[0])


def tiers_of(tx: Tx, guests: Sequence[str]) -> dict[UUID, str]:
    """What is known, locked: of whom no tier was told yet, nothing is."""
    query = """
        select guest_id, tier from guest_known where guest_id = any(%s::uuid[]) and tier is not null
        order by guest_id for update
    """
    return dict(tx.execute(query, [list(guests)]).fetchall())


def changed_since(before: dict[UUID, str], kept: Sequence[UUID], chunk: Chunk) -> list[TierChange]:
    """Of those whose newest state came with this chunk (`kept`), the changes. A guest of whom nothing was known has
    changed nothing: a house that is brought in would begin a journey for everybody."""
    newest: dict[UUID, TierChange] = {}
    names = ("guest_id", "version", "tier", "home_zone", "occurred_at")
    for guest, version, tier, zone, at in zip(*(chunk[name] for name in names), strict=True):
        one = TierChange(UUID(guest), version, tier or "", zone, datetime.fromisoformat(at))
        if one.guest_id not in newest or newest[one.guest_id].version < version:
            newest[one.guest_id] = one
    return [newest[guest] for guest in kept if guest in before and before[guest] != newest[guest].tier]
