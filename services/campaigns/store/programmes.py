"""The tiers of guests and their points, as a loyalty programme tells them: whose are others than they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.campaigns.steps.happening_entry import OF_PROGRAMMES
from shared.database.pool import Tx
from shared.events import Chunk


class Standing(NamedTuple):
    """`tier`: empty where the guest has none, None where none was told yet. `points`: None where none are known."""

    tier: str | None
    points: int | None


class StandingChange(NamedTuple):
    """`version`: of the guest. `at`: when the guest changed."""

    guest_id: UUID
    version: int
    zone: str
    at: datetime
    before: Standing
    after: Standing


def are_asked_for(tx: Tx) -> bool:
    """Whether a journey that runs begins with a tier or with points. Guests change by the thousand: no journey is
    locked for it where none does."""
    query = """
        select exists (
            select from journey j join journey_version v on (v.journey, v.version) = (j.key, j.live_version)
            where j.state in ('live', 'paused') and v.document -> 'entry' ->> 'happening' = any(%s)
        )
    """
    row = tx.execute(query, [list(OF_PROGRAMMES)]).fetchone()
    return bool(row and row[0])


def standings_of(tx: Tx, guests: Sequence[str]) -> dict[UUID, Standing]:
    """What is known, locked."""
    query = """
        select guest_id, tier, points from guest_known where guest_id = any(%s::uuid[])
        order by guest_id for update
    """
    return {guest: Standing(tier, points) for guest, tier, points in tx.execute(query, [list(guests)])}


def changed_since(before: dict[UUID, Standing], kept: Sequence[UUID], chunk: Chunk) -> list[StandingChange]:
    """Of those whose newest state came with this chunk (`kept`), the changes. A guest of whom nothing was known has
    changed nothing: a house that is brought in would begin a journey for everybody."""
    newest: dict[UUID, StandingChange] = {}
    names = ("guest_id", "version", "home_zone", "occurred_at", "tier", "loyalty_points")
    for guest, version, zone, at, tier, points in zip(*(chunk[name] for name in names), strict=True):
        id = UUID(guest)
        if id in before and (id not in newest or newest[id].version < version):
            after = Standing(tier or "", points)
            newest[id] = StandingChange(id, version, zone, datetime.fromisoformat(at), before[id], after)
    return [one for guest in kept if (one := newest.get(guest)) and one.before != one.after]
