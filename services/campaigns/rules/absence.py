"""Not while in house, or booked: whether a stay stands in the way of a journey now.

Asked at the entry, where that is not the date of a stay itself, which lies ahead, and before each message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.rules.entries import StayState
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.anchors import Anchor
from services.campaigns.steps.entries import StayDateEntry, StayEntry
from services.campaigns.steps.not_while import NotWhile
from shared.localtime import local_date
from shared.vocabulary.reason import Reason
from shared.vocabulary.stay import StayStatus

STANDING = (StayStatus.BOOKED, StayStatus.CHECKED_IN)
NO_FUTURE_BOOKING = "no_future_booking"  # as messaging's gate is told


def stands_in_the_way(journey: Journey, own: UUID | None, stays: Iterable[StayState], now: datetime) -> Reason | None:
    """By the hotel's own calendar. Of the stay by which the guest entered (`own`) only being there counts, not that it
    is booked.
    """
    found = list(stays)
    if NotWhile.IN_HOUSE in journey.not_while and any(_is_there(stay, now) for stay in found):
        return Reason.IN_HOUSE
    booked = NotWhile.BOOKED in journey.not_while
    if booked and any(_lies_ahead(stay, now) for stay in found if stay.stay_id != own):
        return Reason.FUTURE_BOOKING
    return None


def is_asked_at_entry(journey: Journey) -> bool:
    return bool(journey.not_while) and not isinstance(journey.entry, StayDateEntry)


def wants_of(journey: Journey, wants: Sequence[str]) -> list[str]:
    """What the gate is asked to look at once more, as the message goes. It counts every booking, so it is not asked
    where the journey is about one."""
    if NotWhile.BOOKED not in journey.not_while or NO_FUTURE_BOOKING in wants or _is_about_a_booking(journey):
        return list(wants)
    return [*wants, NO_FUTURE_BOOKING]


def _is_there(stay: StayState, now: datetime) -> bool:
    """From the day of arrival to that of departure, unless they have checked out."""
    return stay.status in STANDING and stay.arrival <= local_date(now, stay.zone) <= stay.departure


def _lies_ahead(stay: StayState, now: datetime) -> bool:
    return stay.status == StayStatus.BOOKED and stay.arrival >= local_date(now, stay.zone)


def _is_about_a_booking(journey: Journey) -> bool:
    entry = journey.entry
    return (isinstance(entry, StayDateEntry) and entry.date is Anchor.ARRIVAL) or (
        isinstance(entry, StayEntry) and entry.status == StayStatus.BOOKED
    )
