"""Journeys as they were, in a scratch copy, before days that have passed are played once more.

What was told first of a stay or of a segment in those days says how it stood before: a stay that is booked then was
not there, a guest who leaves then was inside.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx

FIRST_OF_STAYS = """
    select distinct on (stay ->> 'stay_id') (stay ->> 'stay_id')::uuid as stay_id, stay ->> 'type' as type
    from rehearsal_change where rehearsal_id = %(id)s and stay <> '{}'
    order by stay ->> 'stay_id', at, number
"""


def rewind(tx: Tx, id_: UUID, at: datetime) -> None:
    """Nobody is on their way, nothing was asked for, and journeys that run are as before their launch."""
    values = {"id": id_, "at": at}
    for statement in STATEMENTS:
        tx.execute(statement, values)


STATEMENTS = (
    "delete from message",
    "delete from enrolment where entered_at > %(at)s",
    """
    update enrolment set state = 'exited', due_at = null, awaits = null, awaits_since = null
    where state in ('waiting', 'paused')
    """,
    "delete from waiting_member",
    "delete from letting_in",
    "delete from stay_scan",
    "delete from calendar_turn",
    "delete from journey_entries",
    "delete from split_decision where at > %(at)s",
    "delete from guest_happening where last_at > %(at)s",
    "delete from awaited_happening where at > %(at)s",
    "delete from score_known where answered_at > %(at)s",
    f"""
    delete from stay_known using ({FIRST_OF_STAYS}) as told
    where stay_known.stay_id = told.stay_id and told.type = 'stay.booked.v1'
    """,
    f"""
    update stay_known set version = 0, checked_out_at = null, ended_at = null,
        status = case when told.type = 'stay.checked_out.v1' and stay_known.checked_in_at <= %(at)s then 'checked_in'
                      else 'booked' end,
        checked_in_at = case when stay_known.checked_in_at <= %(at)s then stay_known.checked_in_at end
    from ({FIRST_OF_STAYS}) as told where stay_known.stay_id = told.stay_id
    """,
    """
    update audience_member set version = 0, inside = not told.entered
    from (
        select distinct on (guest_id, segment) guest_id, segment, entered from rehearsal_change
        where rehearsal_id = %(id)s and segment <> '' order by guest_id, segment, at, number
    ) as told
    where audience_member.guest_id = told.guest_id and audience_member.segment = told.segment
    """,
)


def running(tx: Tx) -> list[tuple[str, int]]:
    """The journeys that run, with their versions; from here on they have never been launched."""
    rows = tx.execute(
        """
        with before as (select key, live_version from journey where state = 'live'), ended as (
            update journey set state = 'ended' from before where journey.key = before.key
        )
        select key, live_version from before order by key
        """
    )
    return [(key, version) for key, version in rows]
