"""Entries by a stay's date: of which stay of a trip, at which instant, and when such an enrolment is over.

Everything follows from the newest state of all of a guest's stays, never from the order in which it was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from services.campaigns.rules.enrolments import Enrolment
from services.campaigns.rules.entries import Entrance, Live, StayState, dates_told, days_of, fits, of_stay
from services.campaigns.steps.anchors import Anchor
from services.campaigns.steps.early_exits import StayTurned
from services.campaigns.steps.entries import STANDS_WHILE, StayDateEntry
from shared.vocabulary.reason import Reason
from shared.vocabulary.stay import StayStatus

STANDING = STANDS_WHILE[StayStatus.BOOKED]
FELL_THROUGH = {
    StayStatus.CANCELLED.value: Reason.STAY_TURNED_CANCELLED,
    StayStatus.NO_SHOW.value: Reason.STAY_TURNED_NO_SHOW,
}


def trip_of(stay: StayState, stays: Iterable[StayState]) -> list[StayState]:
    """The guest's stays at the hotel that touch or overlap, this one among them."""
    trip, rest = [stay], [one for one in stays if one.stay_id != stay.stay_id and _together(one, stay)]
    for member in trip:  # grows while it is walked
        touching = [other for other in rest if _touch(member, other)]
        rest = [other for other in rest if other not in touching]
        trip.extend(touching)
    return trip


def _together(one: StayState, other: StayState) -> bool:
    return one.property == other.property and one.guest_id == other.guest_id and one.status in STANDING


def _touch(one: StayState, other: StayState) -> bool:
    return one.arrival <= days_of(other)[Anchor.DEPARTURE] and days_of(one)[Anchor.DEPARTURE] >= other.arrival


def stands_for_trip(entry: StayDateEntry, stay: StayState, trip: Sequence[StayState]) -> bool:
    """A trip comes to a date once: by the first of its stays that fit, or by the last to end."""
    fitting = [one for one in trip if fits(entry, one)]
    if entry.date is Anchor.ARRIVAL:
        first = min(fitting, key=lambda one: (one.arrival, one.booked_at, one.stay_id), default=None)
        return first is not None and first.stay_id == stay.stay_id
    last = max(fitting, key=lambda one: (days_of(one)[Anchor.DEPARTURE], one.booked_at, one.stay_id), default=None)
    return last is not None and last.stay_id == stay.stay_id


def by_stay_date(live: Live, stay: StayState, stays: Sequence[StayState]) -> Entrance | None:
    """The entrance that a stay makes by its date; of a stay booked before the launch only where that lies ahead."""
    entry = live.journey.entry
    if not isinstance(entry, StayDateEntry) or stay.status not in entry.stands_for - _ends_by(live):
        return None
    if not fits(entry, stay) or not stands_for_trip(entry, stay, trip_of(stay, stays)):
        return None
    at = instant_of(entry, stay)
    if max(at, stay.booked_at) < live.launched_at:
        return None
    data = {"cause": f"stay.{entry.date}", "reservation": stay.reservation, **dates_told(stay)}
    return of_stay(live, stay, at, data)


def _ends_by(live: Live) -> set[str]:
    return {exit_.into for exit_ in live.journey.exits if isinstance(exit_, StayTurned)}


def instant_of(entry: StayDateEntry, stay: StayState) -> datetime:
    return entry.offset.instant(days_of(stay)[entry.date], stay.zone)


def leaving_reason(
    live: Live, one: Enrolment, stay: StayState, stays: Sequence[StayState], now: datetime
) -> str | None:
    """Why the stay's present state, and that of the guest's others, ends the enrolment; None where it does not.

    Before its instant has come the stay must still be one that the journey is for.
    """
    entry = live.journey.entry
    if not isinstance(entry, StayDateEntry):
        return None
    if one.guest_id != stay.guest_id:
        return Reason.STAY_MOVED
    if stay.status in FELL_THROUGH:
        return FELL_THROUGH[stay.status]
    if stay.status in _ends_by(live):
        return f"stay_{stay.status}"
    if one.settled or (one.entered_at <= now and not one.open):
        return None
    if now < one.entered_at and stay.status not in entry.stands_for:
        return f"stay_{stay.status}"
    if not fits(entry, stay):
        return Reason.STAY_UNFIT
    return None if stands_for_trip(entry, stay, trip_of(stay, stays)) else Reason.SAME_TRIP


LONGEST_STAY = timedelta(days=400)


def first_arrival(entry: StayDateEntry, at: datetime) -> date:
    """No stay that arrives before this day comes to its instant after `at`."""
    offset = timedelta(days=entry.offset.days, hours=entry.offset.hours)
    day = (at - offset).date() - timedelta(days=2)  # wherever the hotel is, whichever the hour
    return day if entry.date is Anchor.ARRIVAL else day - LONGEST_STAY
