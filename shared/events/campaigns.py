"""What campaigns publishes: what its journeys request and withdraw, and the launch of journeys."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.dictionary import Lane, event
from shared.rows import named_row
from shared.vocabulary.purpose import Purpose


@event("message.requested.v1", by="campaigns", key="message_id", lane=Lane.MARKETING)
class MessageRequested:
    """A message a journey's step asks for; messaging decides whether, where and when it goes.

    `message_id` is the uuid5 of (journey, step, guest, occurrence, plan). `due_at` is the planned instant,
    `local_time` the step's «HH:MM» (a held message is released at that hour again), `zone` the zone it is read in.
    `wants`: switches of the gate, of `no_future_booking` (refuse one with a booking standing), `in_house` (may go to
    a guest in house), `absence` (rests on a guest's absence: refused on stale data), `once_a_household`, `for_everyone`
    (meant for all alike, not chosen by what is known of the guest).
    """

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    plan: int
    channels: list[str]  # in order of preference
    purpose: Purpose
    priority: int  # the greater goes first
    template: str
    property: str | None
    stay_id: UUID | None
    zone: str
    due_at: datetime
    local_time: str | None
    useful_until: datetime
    wants: list[str]
    holdout: int  # per cent of guests this journey leaves out
    values: dict[str, Any]
    requested_at: datetime


@event("message.withdrawn.v1", by="campaigns", key="message_id", lane=Lane.MARKETING)
class MessageWithdrawn:
    """A message is no longer wanted; a tombstone: the request, should it come later, is dead on arrival."""

    message_id: UUID
    version: int
    guest_id: UUID
    reason: str  # booked | left_audience | paused | taken_back | …
    withdrawn_at: datetime


@named_row
class DateAudience:
    """A segment that an entry by a recurring date needs, by what it is: guests whose next `date` is in `days` days."""

    segment: str  # its key, the same for all journeys that need the same
    date: str  # birthday, lunar-birthday, first-stay; own:KEY, a date of the house's own: in `days` days at most
    days: int


@event("task.requested.v1", by="campaigns", key="task_id")
class TaskRequested:
    """A journey asks a hotel's staff for something, by `due_at`. `title`: in the marketer's words; `department`: a code
    of the lists of cases, which the hotel may not have. `task_id`: once an enrolment and step.
    """

    task_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str
    journey: str
    journey_name: str
    step: str
    title: str
    department: str
    due_at: datetime
    requested_at: datetime


@event("guest.update_requested.v1", by="campaigns", key="update_id")
class GuestUpdateRequested:
    """A journey gives a guest a tag, or takes it away. Of several words on one tag the one requested last counts."""

    update_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_name: str
    step: str
    tag: str
    given: bool
    requested_at: datetime


@event("guest.tier_requested.v1", by="campaigns", key="update_id")
class GuestTierRequested:
    """A journey gives a guest a tier. `tier`: None gives back the one that reservations state. Of several words on one
    guest the one requested last counts."""

    update_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_name: str
    step: str
    tier: str | None
    requested_at: datetime


@event("journey.begun.v1", by="campaigns", key="journey")
class JourneyBegun:
    """A marketer began a journey that comes with Guestloop: what it sends is to be there, as the gallery has it."""

    journey: str
    version: int  # of this word: there is one
    templates: list[str]
    begun_at: datetime
    by: str


@event("journey.entered.v1", by="campaigns", key="enrolment_id", lane=Lane.MARKETING)
class JourneyEntered:
    """A guest entered a journey, also where the control group keeps its messages from them. Who is planned anew on the
    same occasion has a greater version."""

    enrolment_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    journey: str
    entered_at: datetime


@event("journey.told.v1", by="campaigns", key="told_id")
class JourneyTold:
    """A journey tells the house's own systems of a guest: its webhooks bring it there. `name`: in the marketer's words
    for those systems. `told_id`: once an enrolment and step, by which a receiver knows what comes twice."""

    told_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    journey: str
    journey_name: str
    step: str
    name: str
    occurred_at: datetime


@event("journey.launched.v1", by="campaigns", key=("journey", "version"))
class JourneyLaunched:
    journey: str
    version: int  # of the journey's document
    segments: list[str]  # audiences the journey listens to
    launched_at: datetime
    by: str
    let_in: bool = False  # present members are let in, day by day: they are published once more
    name: str = ""  # as its marketer wrote it
    templates: list[str] = field(default_factory=list)  # that its steps send
    entry: str = ""  # the audience by which guests enter, where they enter by one
    dates: list[DateAudience] = field(default_factory=list)  # of `segments`, those made for journeys


@event("journey.ended.v1", by="campaigns", key=("journey", "version"))
class JourneyEnded:
    """It runs no more, for good or until it is launched again: ended, or its launch taken back."""

    journey: str
    version: int  # of the journey's document
    ended_at: datetime
