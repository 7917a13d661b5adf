"""Goals reached: what a guest did within a goal's days after a message of the journey went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.campaigns.rules.goals import ANSWERED, Goal
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.message import MessageState

WENT = (MessageState.SENT.value,)


@dataclass(frozen=True)
class Wanted:
    """A goal of a running journey."""

    journey: str
    goal: Goal


@dataclass(frozen=True)
class Reached:
    """A goal that an enrolment reached, for the first time."""

    enrolment_id: UUID
    goal: str
    reached_at: datetime


def keep_reached(tx: Tx, done: Chunk, instant: str, wanted: Sequence[Wanted]) -> list[Reached]:
    """Keeps the enrolments whose goal this is, each goal once, with what came earliest; those kept out as well.

    `instant`: the column of when it happened. Whose click it is, a message tells; an answer is about the enrolment's
    stay, where it has one. What was spent is what all stays of the guest that ended within the goal's days came to.
    """
    return tx.rows(Reached, KEEP, {**_of_done(done, instant), **_of_goals(wanted), "went": list(WENT)})


def _of_done(done: Chunk, instant: str) -> dict[str, Sequence[object]]:
    """`message_id` names whose it is only where the message is what happened."""
    told = {name: done.columns.get(name) or [None] * len(done) for name in ("redemption_id", "score", "message_id")}
    return {**told, "stay_id": done["stay_id"], "guest_id": done["guest_id"], "at": done[instant]}


def _of_goals(wanted: Sequence[Wanted]) -> dict[str, Sequence[object]]:
    goals = [one.goal for one in wanted]
    return {
        "journeys": [one.journey for one in wanted],
        "names": [goal.kept_as for goal in goals],
        "within": [goal.within for goal in goals],
        "of_stay": [goal.event == ANSWERED for goal in goals],
        "spent_from": [goal.spent_from for goal in goals],
        "currency": [goal.currency for goal in goals],
        "score_from": [goal.score_from for goal in goals],
        "score_to": [goal.score_to for goal in goals],
    }


SPENT = """
    select coalesce(sum(stay.revenue), 0)
    from stay_known stay left join property_known hotel on hotel.code = stay.property
    where stay.guest_id = done.guest_id and stay.status = 'checked_out'
      and stay.checked_out_at between message.settled_at and message.settled_at + wanted.within
      and coalesce(nullif(stay.currency, ''), hotel.currency) = wanted.currency
"""
KEEP = f"""
    insert into goal (enrolment_id, goal, stay_id, redemption_id, reached_at, held_out)
    select distinct on (asked.id, wanted.goal)
           asked.id, wanted.goal, done.stay_id, done.redemption_id, done.at, asked.held_out
    from unnest(%(stay_id)s::uuid[], %(redemption_id)s::uuid[], %(guest_id)s::uuid[], %(at)s::timestamptz[],
                %(score)s::int[], %(message_id)s::uuid[])
         as done (stay_id, redemption_id, guest_id, at, score, message_id)
    cross join unnest(%(journeys)s::text[], %(names)s::text[], %(within)s::interval[], %(of_stay)s::boolean[],
                      %(spent_from)s::numeric[], %(currency)s::text[], %(score_from)s::int[], %(score_to)s::int[])
         as wanted (journey, goal, within, of_stay, spent_from, currency, score_from, score_to)
    cross join lateral (
        select enrolment.id, message.state = 'skipped' as held_out
        from enrolment cross join lateral (
            select id, state, reason, settled_at from message where enrolment_id = enrolment.id offset 0
        ) as message
        where enrolment.guest_id = done.guest_id and enrolment.journey = wanted.journey
          and (message.state = any(%(went)s) or (message.state = 'skipped' and message.reason = 'holdout'))
          and done.at between message.settled_at and message.settled_at + wanted.within
          and (done.message_id is null or message.id = done.message_id)
          and (not wanted.of_stay or enrolment.stay_id is null or enrolment.stay_id = done.stay_id)
          and (wanted.spent_from is null or wanted.spent_from <= ({SPENT}))
        offset 0
    ) as asked
    where (wanted.score_from is null or done.score >= wanted.score_from)
      and (wanted.score_to is null or done.score <= wanted.score_to)
    order by asked.id, wanted.goal, done.at, done.stay_id, done.redemption_id
    on conflict do nothing
    returning enrolment_id, goal, reached_at
"""
"""Looked up guest by guest (`offset 0` keeps the planner to it): few of all messages are theirs."""
