"""Guests booked: whose message was it that asked them?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.campaigns.rules.entries import Live
from services.campaigns.store.goals import keep_reached
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.campaigns import GoalReached


def reach_goals(tx: Tx, lives: Sequence[Live], booked: Chunk, at: datetime) -> None:
    goals = {live.key: live.journey.goal.within for live in lives if live.journey.goal}
    if not goals:
        return
    kept = keep_reached(tx, booked, list(goals), list(goals.values()))
    reached = [one for one in kept if not one.held_out]
    if reached:
        publish(
            tx,
            chunk_of(
                [
                    GoalReached(
                        enrolment_id=one.enrolment_id,
                        version=1,
                        guest_id=one.guest_id,
                        journey=one.journey,
                        stay_id=one.stay_id,
                        reached_at=one.reached_at,
                    )
                    for one in reached
                ]
            ),
            at=at,
        )
