"""Guests did what a journey is for: whose message was it that asked them, and is the journey over by it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.rules.entries import Live
from services.campaigns.store.enrolments import lock_of_guests
from services.campaigns.store.goals import Wanted, keep_reached
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.reason import Reason


def reach_goals(tx: Tx, lives: Sequence[Live], done: Chunk, event: str, instant: str, at: datetime) -> None:
    """`event`: as journeys name their goals; `instant`: the column of when it happened.

    A goal that was reached stays reached, whatever becomes of the booking or the answer.
    """
    wanted = [Wanted(live.key, goal) for live in lives for goal in live.journey.goals if goal.event == event]
    if not wanted or not len(done):
        return
    ending = {(one.journey, one.goal.kept_as) for one in wanted if one.goal.ends}
    guests = sorted({UUID(guest) for guest in done["guest_id"]})
    # Locked before goals are kept, which lean on enrolments, and in the order that holds everywhere.
    present = lock_of_guests(tx, guests, sorted({journey for journey, _ in ending})) if ending else []
    reached = {(one.enrolment_id, one.goal) for one in keep_reached(tx, done, instant, wanted)}
    over = [
        Leaving(one, Reason.GOAL_REACHED)
        for one in present
        if must_leave(one) and any((one.id, goal) in reached for journey, goal in ending if journey == one.journey)
    ]
    leave(tx, over, at)
