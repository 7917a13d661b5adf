"""A date moved that steps wait for: what was planned by it is planned again, from where it was counted before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.journey import Journey
from services.campaigns.rules.planning import Planned, plan
from shared.rows import row


@row
class OpenMessage:
    """A message asked for that has not gone."""

    id: UUID
    step: str
    from_step: str | None
    from_at: datetime | None


@row
class Standing:
    """An enrolment as it was planned. `waits`: for an instant, not for a happening; it may be over, messages open."""

    id: UUID
    zone: str
    data: dict[str, Any]
    from_step: str | None
    from_at: datetime | None
    waits: bool
    open: tuple[OpenMessage, ...]


@row
class Moved:
    """Where it goes on, and which messages are taken back for it."""

    planned: Planned
    from_step: str
    from_at: datetime
    withdrawn: tuple[UUID, ...]


def replanned(journey: Journey, one: Standing, dates: Mapping[str, str]) -> Moved | None:
    """By the first message that is planned for another instant now, else by the wait; None where nothing moves."""
    data = {**one.data, **dates}
    in_order = sorted(one.open, key=lambda message: journey.places[message.step])
    for place, message in enumerate(in_order):
        moved = _moved(journey, one, message.from_step, message.from_at, data)
        if moved is not None:
            return _with(moved, in_order[place:])
    return _moved(journey, one, one.from_step, one.from_at, data) if one.waits else None


def goes_on(journey: Journey, one: Standing, dates: Mapping[str, str]) -> Moved | None:
    """Where an enrolment goes on whose stay stands again; None where it was over, or is older than this."""
    if one.from_step is None or one.from_at is None:
        return None
    planned = plan(journey, journey.places[one.from_step], one.from_at, one.zone, {**one.data, **dates})
    return Moved(planned, one.from_step, one.from_at, ()) if planned.place is not None else None


def _moved(
    journey: Journey, one: Standing, step: str | None, at: datetime | None, data: Mapping[str, Any]
) -> Moved | None:
    if step is None or at is None:
        return None
    before, after = (plan(journey, journey.places[step], at, one.zone, known) for known in (one.data, data))
    return Moved(after, step, at, ()) if before != after and after.place is not None else None


def _with(moved: Moved, messages: Sequence[OpenMessage]) -> Moved:
    return Moved(moved.planned, moved.from_step, moved.from_at, tuple(message.id for message in messages))
