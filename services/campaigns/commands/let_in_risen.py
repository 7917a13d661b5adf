"""Guests have another tier than before: they enter the journeys that begin with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.entries import Live
from services.campaigns.rules.happening_entries import Happened, by_happening
from services.campaigns.steps.happening_entry import TIER, HappeningEntry
from services.campaigns.store.tiers import TierChange
from shared.database.pool import Tx


def begins_with_tier(live: Live) -> bool:
    return isinstance(live.journey.entry, HappeningEntry) and live.journey.entry.happening == TIER


def let_in_risen(tx: Tx, lives: Sequence[Live], changes: Sequence[TierChange], at: datetime) -> None:
    """Who has no tier any more enters nothing."""
    happened = [
        Happened(
            event=TIER,
            guest_id=change.guest_id,
            zone=change.zone,
            at=change.at,
            since=change.at,
            told={"version": change.version, "tier": change.tier},
        )
        for change in changes
        if change.tier
    ]
    found = [entrance for one in happened for live in lives if (entrance := by_happening(live, one))]
    lock_and_enter(tx, found, at)
