"""Guests have another tier than before: they enter the journeys that begin with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.campaigns.commands.let_in_happened import enter_by
from services.campaigns.rules.entries import Live
from services.campaigns.rules.happening_entries import Happened
from services.campaigns.steps.happening_entry import TIER
from services.campaigns.store.tiers import TierChange
from shared.database.pool import Tx


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
    enter_by(tx, lives, happened, at)
