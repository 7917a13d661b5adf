"""What a due enrolment does: all steps up to the next wait, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.campaigns.rules.enrolments import State
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.offers import offer_at
from services.campaigns.rules.planning import Planned, place_after, plan
from services.campaigns.steps.entries import StayEntry
from services.campaigns.steps.kind import Awaits, Does, Ended, Facts, Gives, GoOn, Reached
from services.campaigns.steps.send import Ask, Send
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update
from services.campaigns.steps.webhook import Webhook
from shared.rows import row
from shared.vocabulary.reason import Reason


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
    awaits_since: datetime | None = None
    from_step: str | None = None
    from_at: datetime | None = None
    offers: dict[str, str] = field(default_factory=dict)  # by step, the offer it gave
    told: bool = True  # that the guest entered


@row
class Origin:
    """From which step on, and counted from when, the next one was planned."""

    step: str | None
    at: datetime | None


@row
class Asking:
    """A message to ask for: the step, its place, and the instant it was planned for, counted from `origin`."""

    send: Send
    place: int
    due_at: datetime
    origin: Origin = Origin(None, None)
    offer: str | None = None  # the one it makes, where its text makes any and the journey gave one


@row
class Doing:
    """Something to ask of another service, as the step says, for the instant it was planned for."""

    step: Task | Update | Webhook
    due_at: datetime


@row
class Took:
    """A way of a split that was taken, and when."""

    step: str
    way: str
    at: datetime


@row
class Advanced:
    """Where the enrolment stands afterwards. `due_at` is set while it waits."""

    state: State
    step: str
    due_at: datetime | None
    reason: str | None
    asking: tuple[Asking, ...]
    awaits: Awaits | None = None
    took: tuple[Took, ...] = ()
    origin: Origin = Origin(None, None)
    doing: tuple[Doing, ...] = ()
    into: str | None = None  # the journey in which the guest goes on
    gave: Mapping[str, str] = field(default_factory=dict)  # by step, the offers that are new


def advance(journey: Journey, due: Due, facts: Facts, now: datetime, in_the_way: Reason | None = None) -> Advanced:
    """`in_the_way`: why the guest gets no message of this journey now; they leave it at the first that is due."""
    if due.ended:
        return Advanced(State.EXITED, due.step, None, due.ended, ())
    planned = Planned(journey.places[due.step], due.due_at)
    key, since = due.step, due.awaits_since
    asking: list[Asking] = []
    took: list[Took] = []
    origin = Origin(due.from_step, due.from_at)
    doing: list[Doing] = []
    gave: dict[str, str] = {}

    def stands(state: State, due_at: datetime | None, reason: str | None = None) -> Advanced:
        return Advanced(state, key, due_at, reason, tuple(asking), took=tuple(took), doing=tuple(doing), gave=gave)

    while planned.place is not None and planned.due <= now:
        place = planned.place
        step = journey.steps[place]
        key = step.key
        if in_the_way and isinstance(step, Send):
            return stands(State.EXITED, None, in_the_way)
        outcome, since = step.advance(_reached(journey, due, facts, now, planned.due, since)), None
        match outcome:
            case Ended():
                return replace(stands(State.DONE, None, outcome.reason), into=outcome.into)
            case Ask():
                offer = offer_at(journey, place, {**due.offers, **gave})
                asking.append(Asking(outcome.send, place, outcome.due_at, origin, offer))
                onward = GoOn(now)  # what follows is counted from when it really went on
            case Does():
                assert isinstance(step, Task | Update | Webhook)
                doing.append(Doing(step, outcome.due_at))
                onward = GoOn(now)
            case Gives():
                gave[key], onward = outcome.offer, GoOn(planned.due)
            case Awaits():
                return replace(stands(State.WAITING, outcome.until), awaits=outcome, origin=origin)
            case GoOn():
                onward = outcome
                took.extend([Took(key, outcome.way, outcome.at)] if outcome.way else [])
            case _:
                assert_never(outcome)
        after = place_after(journey, place, onward.to)
        planned = plan(journey, after, onward.at, due.zone, due.data)
        origin = Origin(journey.steps[after].key if after < len(journey.steps) else None, onward.at)
    if planned.place is None:
        return stands(State.DONE, None)
    key = journey.steps[planned.place].key
    return replace(stands(State.WAITING, planned.due), origin=origin)


def _reached(journey: Journey, due: Due, facts: Facts, now: datetime, at: datetime, since: datetime | None) -> Reached:
    return Reached(
        at=at,
        now=now,
        guest_id=due.guest_id,
        entered_at=due.entered_at,
        data=due.data,
        facts=facts,
        since=since,
        stay_id=due.stay_id if isinstance(journey.entry, StayEntry) else None,
        journey=due.journey,
        enrolment_id=due.id,
        of_stay=due.stay_id,
    )
