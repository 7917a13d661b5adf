"""Guests booked, or used an offer: whose message was it that asked them?"""

from __future__ import annotations

from collections.abc import Sequence

from services.campaigns.rules.entries import Live
from services.campaigns.store.goals import keep_reached
from shared.database.pool import Tx
from shared.events import Chunk


def reach_goals(tx: Tx, lives: Sequence[Live], done: Chunk, event: str, instant: str) -> None:
    """`event`: as journeys name their goal; `instant`: the column of when it happened."""
    goals = {live.key: goal.within for live in lives if (goal := live.journey.goal) and goal.event == event}
    if goals:
        keep_reached(tx, done, instant, list(goals), list(goals.values()))
