"""What services tell one another of a rehearsal: what lies ahead, were nothing to arrive. Nobody is written to by it.

Each part is published whole: `of` rows, and behind them one without a guest (`number` = `of`), so that a part of which
there is nothing is told as well. Rows come in any order; whoever has counted them all, the last included, goes on.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.campaigns import DateAudience
from shared.events.dictionary import Lane, event


@event("rehearsal.requested.v1", by="campaigns", key="rehearsal_id")
class RehearsalRequested:
    """Somebody wants to see what lies between `at` and `until`. `segments`: those that the journeys listen to that are
    launched only in the rehearsal; `dates`: of these, those that a launch would make for them. `as_booked`: guests who
    have booked come and leave on their days. `is_replay`: the days have passed, and stays turn when they did. `ended`:
    nobody waits for it any more."""

    rehearsal_id: UUID
    version: int
    at: datetime
    until: datetime
    segments: list[str]
    as_booked: bool
    ended: bool
    occurred_at: datetime
    is_replay: bool = False
    dates: list[DateAudience] = field(default_factory=list)


@event("audience.forecast.v1", by="segments", key=("rehearsal_id", "number"), lane=Lane.MARKETING)
class AudienceForecast:
    """A guest would enter or leave an audience at `at`; otherwise as in audience.changed. Or a stay would turn: then
    `stay` is all of its event, with its `type`."""

    rehearsal_id: UUID
    number: int
    of: int
    guest_id: UUID | None
    segment: str
    version: int
    entered: bool
    initial: bool
    at: datetime
    zone: str
    because: dict[str, Any]
    stay: dict[str, Any]


@event("message.rehearsed.v1", by="campaigns", key=("rehearsal_id", "number"), lane=Lane.MARKETING)
class MessageRehearsed:
    """A message would be asked for, or taken back, at `at`. `request`: all fields of message.requested; empty where it
    is taken back, and then `reason` says why. Or a stay would turn: then `stay` is all of its event."""

    rehearsal_id: UUID
    number: int
    of: int
    guest_id: UUID | None
    message_id: UUID | None
    at: datetime
    reason: str | None
    request: dict[str, Any]
    stay: dict[str, Any]


@event("message.judged.v1", by="messaging", key=("rehearsal_id", "number"), lane=Lane.MARKETING)
class MessageJudged:
    """What the gate would say of a message at `at`. `parts`: of a text message that would go; else 0. `cost`: a decimal
    number, of one that would go; None: the house has not said what it costs."""

    rehearsal_id: UUID
    number: int
    of: int
    guest_id: UUID | None
    message_id: UUID | None
    at: datetime
    zone: str
    journey: str
    step: str
    template: str
    occurrence: str
    purpose: str
    property: str | None
    state: str
    reason: str | None
    held_until: datetime | None
    channel: str | None
    language: str
    parts: int
    stay_id: UUID | None = None
    cost: str | None = None
    currency: str | None = None
