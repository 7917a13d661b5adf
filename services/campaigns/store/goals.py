"""Goals reached: a booking, or an offer used, within the journey's days after a message of it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.message import MessageState

WENT = (MessageState.SENT.value,)


def keep_reached(tx: Tx, done: Chunk, instant: str, journeys: Sequence[str], within: Sequence[timedelta]) -> None:
    """Keeps the enrolments whose goal this is, each once, with what came earliest; those kept out as well.

    Looked up guest by guest (`offset 0` keeps the planner to it): few of all messages are theirs.
    """
    tx.execute(
        """
        insert into goal (enrolment_id, stay_id, redemption_id, reached_at, held_out)
        select distinct on (asked.id) asked.id, done.stay_id, done.redemption_id, done.at, asked.held_out
        from unnest(%(stay_id)s::uuid[], %(redemption_id)s::uuid[], %(guest_id)s::uuid[], %(at)s::timestamptz[])
             as done (stay_id, redemption_id, guest_id, at)
        cross join unnest(%(journeys)s::text[], %(within)s::interval[]) as goal (journey, within)
        cross join lateral (
            select enrolment.id, message.state = 'skipped' as held_out
            from enrolment cross join lateral (
                select state, reason, settled_at from message where enrolment_id = enrolment.id offset 0
            ) as message
            where enrolment.guest_id = done.guest_id and enrolment.journey = goal.journey
              and (message.state = any(%(went)s) or (message.state = 'skipped' and message.reason = 'holdout'))
              and done.at between message.settled_at and message.settled_at + goal.within
            offset 0
        ) as asked
        order by asked.id, done.at, done.stay_id, done.redemption_id
        on conflict do nothing
        """,
        {
            "stay_id": done["stay_id"],
            "redemption_id": done.columns.get("redemption_id", [None] * len(done)),
            "guest_id": done["guest_id"],
            "at": done[instant],
            "journeys": list(journeys),
            "within": list(within),
            "went": list(WENT),
        },
    )
