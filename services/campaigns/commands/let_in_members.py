"""Guests have another tier or more points than before: they enter the journeys that begin with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.campaigns.commands.let_in_happened import enter_by
from services.campaigns.rules.entries import Live
from services.campaigns.rules.happening_entries import Happened
from services.campaigns.steps.happening_entry import POINTS, TIER
from services.campaigns.store.programmes import StandingChange
from shared.database.pool import Tx


def let_in_members(tx: Tx, lives: Sequence[Live], changes: Sequence[StandingChange], at: datetime) -> None:
    enter_by(tx, lives, [happened for change in changes for happened in _happened(change)], at)


def _happened(change: StandingChange) -> Iterator[Happened]:
    """Who has no tier any more, or whose points have become fewer, enters nothing; nor do first points: a programme
    that is brought in would begin a journey for everybody."""
    before, after = change.before, change.after
    if after.tier and before.tier is not None and after.tier != before.tier:
        yield _of(change, TIER, {"tier": after.tier})
    if before.points is not None and after.points is not None and after.points > before.points:
        yield _of(change, POINTS, {"points": after.points, "points_before": before.points})


def _of(change: StandingChange, event: str, told: dict[str, Any]) -> Happened:
    return Happened(
        event=event,
        guest_id=change.guest_id,
        zone=change.zone,
        at=change.at,
        since=change.at,
        told={"version": change.version, **told},
    )
