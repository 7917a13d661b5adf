"""When somebody who enters comes to the first step, or that it is too late for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.campaigns.rules.entries import EARLIEST_MESSAGE, Entrance
from services.campaigns.rules.planning import Planned, plan
from services.campaigns.steps.entries import CalendarEntry, DateEntry, StayDateEntry
from shared.vocabulary.reason import Reason


def first_plan(entrance: Entrance, now: datetime) -> Planned | None:
    """When the first step is due; None where it is too late for it, or nothing would be done at all.

    A recurring date whose hour had passed when the guest became known is left alone. So is what was due so long ago
    that it is no use any more: an imported history asks nobody how it was. Of a date it is noted that it came too late.
    """
    journey = entrance.live.journey
    planned = plan(journey, 0, entrance.start, entrance.zone, entrance.data)
    if planned.place is None:
        return None
    if isinstance(journey.entry, DateEntry) and planned.due < entrance.at:
        return None
    if is_past(planned.due, journey.useful_for, now):
        known = isinstance(journey.entry, StayDateEntry | CalendarEntry | DateEntry)
        return Planned(planned.place, planned.due, refused=Reason.EXPIRED) if known else None
    return Planned(planned.place, max(planned.due, entrance.live.launched_at + EARLIEST_MESSAGE))


def is_past(due: datetime, useful_for: timedelta, now: datetime) -> bool:
    """Whether it is no use any more."""
    return now - due > useful_for
