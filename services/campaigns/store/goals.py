"""Goals reached: a booking within the journey's days after a message of it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.database import Tx
from shared.events import Chunk

WENT = ("sent", "delivered", "clicked")


@dataclass(frozen=True)
class Reached:
    enrolment_id: UUID
    guest_id: UUID
    journey: str
    stay_id: UUID
    reached_at: datetime
    held_out: bool


def keep_reached(tx: Tx, booked: Chunk, journeys: Sequence[str], within: Sequence[timedelta]) -> list[Reached]:
    """The enrolments whose goal these bookings are, each once, with the earliest booking; those kept out as well."""
    return tx.rows(
        Reached,
        """
        with reached as (
            insert into goal (enrolment_id, stay_id, reached_at, held_out)
            select distinct on (enrolment.id) enrolment.id, booked.stay_id, booked.booked_at, message.state = 'skipped'
            from unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) as booked (stay_id, guest_id, booked_at)
            join enrolment on enrolment.guest_id = booked.guest_id
            join unnest(%s::text[], %s::interval[]) as goal (journey, within) on goal.journey = enrolment.journey
            join message on message.enrolment_id = enrolment.id
                 and (message.state = any(%s) or (message.state = 'skipped' and message.reason = 'holdout'))
                 and booked.booked_at between message.settled_at and message.settled_at + goal.within
            order by enrolment.id, booked.booked_at, booked.stay_id
            on conflict do nothing
            returning enrolment_id, stay_id, reached_at, held_out
        )
        select enrolment_id, guest_id, journey, reached.stay_id, reached_at, held_out
        from reached join enrolment on enrolment.id = reached.enrolment_id
        order by enrolment_id
        """,
        [
            booked["stay_id"],
            booked["guest_id"],
            booked["booked_at"],
            list(journeys),
            list(within),
            list(WENT),
        ],
    )
