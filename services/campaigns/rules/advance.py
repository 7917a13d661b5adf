"""What a due enrolment does: all steps up to the next wait, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.enrolments import State
from services.campaigns.rules.journey import Branch, DataIn, End, Happened, InAudience, Journey, Send
from services.campaigns.rules.planning import Planned, holds, place_after, plan
from shared.rows import row


@row
class Due:
    """An enrolment whose timer has run out. `ended`: its guest is in no journey any more, and why."""

    id: UUID
    journey: str
    version: int
    guest_id: UUID
    occurrence: str
    plan: int
    step: str
    due_at: datetime
    entered_at: datetime
    zone: str
    property: str | None
    stay_id: UUID | None
    data: dict[str, Any]
    ended: str | None


@dataclass(frozen=True)
class Facts:
    """What branches ask: who is inside which audience, and when what happened last to whom."""

    inside: Set[tuple[UUID, str]] = frozenset()
    happened: Mapping[tuple[UUID, str], datetime] = field(default_factory=dict)


@row
class Asking:
    """A message to ask for: the step, its place, and the instant it was planned for."""

    send: Send
    place: int
    due_at: datetime


@row
class Advanced:
    """Where the enrolment stands afterwards. `due_at` is set while it waits."""

    state: State
    step: str
    due_at: datetime | None
    reason: str | None
    asking: tuple[Asking, ...]


def advance(journey: Journey, due: Due, facts: Facts, now: datetime) -> Advanced:
    if due.ended:
        return Advanced(State.EXITED, due.step, None, due.ended, ())
    planned = Planned(journey.places[due.step], due.due_at)
    key = due.step
    asking: list[Asking] = []
    while planned.place is not None and planned.due <= now:
        place = planned.place
        step, instant = journey.steps[place], planned.due
        key = step.key
        if isinstance(step, End):
            return Advanced(State.DONE, key, None, step.reason, tuple(asking))
        if isinstance(step, Send):
            asking.append(Asking(step, place, instant))
            instant = now  # what follows is counted from when it really went on
        following = place + 1
        if isinstance(step, Branch):
            following = place_after(journey, place, step, passes(step, due, facts))
        planned = plan(journey, following, instant, due.zone, due.data)
    if planned.place is None:
        return Advanced(State.DONE, key, None, None, tuple(asking))
    return Advanced(State.WAITING, journey.steps[planned.place].key, planned.due, None, tuple(asking))


def passes(branch: Branch, due: Due, facts: Facts) -> bool:
    condition = branch.condition
    if isinstance(condition, InAudience):
        return (due.guest_id, condition.audience) in facts.inside
    if isinstance(condition, Happened):
        last = facts.happened.get((due.guest_id, condition.event))
        return last is not None and last > due.entered_at
    assert isinstance(condition, DataIn)
    return holds(condition, due.data)
