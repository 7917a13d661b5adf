"""The guests in a journey, a step or a state at a time: who entered last comes first, paged by the last one seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.queries.scope import SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx

WHAT = ("waiting", "sent", "refused", "all")
A_PAGE = 50


@dataclass(frozen=True)
class Participant:
    """One guest's time in the journey, and what became of the message of the step asked for."""

    id: UUID
    guest_id: UUID
    occurrence: str
    entered_at: datetime
    zone: str
    property: str | None
    version: int
    step: str
    state: str
    reason: str | None
    due_at: datetime | None
    changed_at: datetime
    data: dict[str, Any]
    message_id: UUID | None
    message_state: str | None
    message_reason: str | None
    message_at: datetime | None


COLUMNS = """
    enrolment.id, guest_id, occurrence, entered_at, zone, property, enrolment.version, enrolment.step, enrolment.state,
    enrolment.reason, enrolment.due_at, enrolment.changed_at, data, message.id as message_id,
    message.state as message_state, message.reason as message_reason, message.settled_at as message_at
"""


def participants(
    tx: Tx, key: str, scope: Scope, *, step: str | None, what: str, after: UUID | None
) -> list[Participant]:
    return tx.rows(
        Participant,
        f"""
        select {COLUMNS}
        from enrolment left join lateral (
            select id, state, reason, settled_at from message
            where enrolment_id = enrolment.id and (%(step)s::text is null or message.step = %(step)s)
            order by requested_at desc, id limit 1
        ) as message on true
        where journey = %(key)s and {SEEN}
          and (%(after)s::uuid is null or (entered_at, enrolment.id) < (
              select last.entered_at, last.id from enrolment last where last.id = %(after)s
          ))
          and case %(what)s
              when 'waiting' then enrolment.state in ('waiting', 'paused')
                   and (%(step)s::text is null or enrolment.step = %(step)s)
              when 'sent' then message.state in ('sent', 'delivered', 'clicked', 'bounced', 'complained')
              when 'refused' then message.state = 'skipped'
              else %(step)s::text is null or message.id is not null or enrolment.step = %(step)s
              end
        order by entered_at desc, enrolment.id desc limit %(most)s
        """,
        {"key": key, **scope.values, "step": step, "what": what, "after": after, "most": A_PAGE + 1},
    )


@dataclass(frozen=True)
class Story:
    """One guest in one journey, for their story. `reached`: goals, as they are kept, and when, the earliest first."""

    journey: str
    name: str
    document: dict[str, Any]
    occurrence: str
    entered_at: datetime
    zone: str
    step: str
    state: str
    reason: str | None
    due_at: datetime | None
    changed_at: datetime
    data: dict[str, Any]
    reached: list[tuple[str, datetime]]


def story_of(tx: Tx, guest: UUID, scope: Scope, most: int) -> list[Story]:
    """The newest first."""
    rows = tx.execute(
        f"""
        select enrolment.journey, journey.name, v.document, occurrence, entered_at, zone, step, enrolment.state, reason,
               due_at, enrolment.changed_at, data, goals, instants
        from enrolment
        join journey on journey.key = enrolment.journey
        join journey_version v on (v.journey, v.version) = (enrolment.journey, enrolment.version)
        cross join lateral (
            select array_agg(goal.goal order by reached_at, goal.goal) as goals,
                   array_agg(reached_at order by reached_at, goal.goal) as instants
            from goal where goal.enrolment_id = enrolment.id and not goal.held_out
        ) as reached
        where enrolment.guest_id = %(guest)s and {SEEN}
        order by entered_at desc, enrolment.id limit %(most)s
        """,
        {"guest": guest, "most": most, **scope.values},
    )
    return [_story(row) for row in rows]


def _story(row: Sequence[Any]) -> Story:
    *told, goals, instants = row
    return Story(*(*told, list(zip(goals or [], instants or [], strict=True))))
