"""Guests booked: whose message was it that asked them?"""

from __future__ import annotations

from collections.abc import Sequence

from services.campaigns.rules.entries import Live
from services.campaigns.store.goals import keep_reached
from shared.database.pool import Tx
from shared.events import Chunk


def reach_goals(tx: Tx, lives: Sequence[Live], booked: Chunk) -> None:
    goals = {live.key: live.journey.goal.within for live in lives if live.journey.goal}
    if not goals:
        return
    keep_reached(tx, booked, list(goals), list(goals.values()))
