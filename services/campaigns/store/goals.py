"""Goals reached: a booking within the journey's days after a message of it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.message import MessageState

WENT = (MessageState.SENT.value,)


def keep_reached(tx: Tx, booked: Chunk, journeys: Sequence[str], within: Sequence[timedelta]) -> None:
    """Keeps the enrolments whose goal these bookings are, each once, with the earliest booking; those kept out as well.

    Looked up guest by guest (`offset 0` keeps the planner to it): few of all messages are theirs.
    """
    tx.execute(
        """
        insert into goal (enrolment_id, stay_id, reached_at, held_out)
        select distinct on (asked.id) asked.id, booked.stay_id, booked.booked_at, asked.held_out
        from unnest(%(stay_id)s::uuid[], %(guest_id)s::uuid[], %(booked_at)s::timestamptz[])
             as booked (stay_id, guest_id, booked_at)
        cross join unnest(%(journeys)s::text[], %(within)s::interval[]) as goal (journey, within)
        cross join lateral (
            select enrolment.id, message.state = 'skipped' as held_out
            from enrolment cross join lateral (
                select state, reason, settled_at from message where enrolment_id = enrolment.id offset 0
            ) as message
            where enrolment.guest_id = booked.guest_id and enrolment.journey = goal.journey
              and (message.state = any(%(went)s) or (message.state = 'skipped' and message.reason = 'holdout'))
              and booked.booked_at between message.settled_at and message.settled_at + goal.within
            offset 0
        ) as asked
        order by asked.id, booked.booked_at, booked.stay_id
        on conflict do nothing
        """,
        {
            "stay_id": booked["stay_id"],
            "guest_id": booked["guest_id"],
            "booked_at": booked["booked_at"],
            "journeys": list(journeys),
            "within": list(within),
            "went": list(WENT),
        },
    )
