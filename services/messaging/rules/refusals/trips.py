"""Trips: the stays of one guest in one property that touch or overlap are one trip, and a trip gets
one survey, after its last check-out."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date
from uuid import UUID

from services.messaging.rules.facts import Guest, Stay
from shared.localtime import local_date
from shared.vocabulary.stay import StayStatus

OVER_BEFORE_IT_BEGAN = frozenset({StayStatus.CANCELLED, StayStatus.NO_SHOW})


def last_day(stay: Stay) -> date:
    """The actual day of check-out where there was one."""
    return local_date(stay.checked_out_at, stay.zone) if stay.checked_out_at else stay.departure


def touch(one: Stay, other: Stay) -> bool:
    return one.arrival <= last_day(other) and last_day(one) >= other.arrival


def goes_on(stay: Stay, guest: Guest) -> bool:
    """Whether another stay of the same trip is still to end, or ended later than this one."""
    return any(touch(stay, other) and _later(other, stay) for other in _others(stay, guest.stays))


def surveyed(stay: Stay, guest: Guest, asked: Set[UUID]) -> bool:
    """Whether one of the stays in `asked` is of the same trip as this one."""
    return bool(asked) and not asked.isdisjoint(other.stay_id for other in trip_of(stay, guest) if other is not stay)


def trip_of(stay: Stay, guest: Guest) -> list[Stay]:
    trip, rest = [stay], _others(stay, guest.stays)
    for member in trip:  # grows while it is walked
        touching = [other for other in rest if touch(member, other)]
        rest = [other for other in rest if other not in touching]
        trip.extend(touching)
    return trip


def _others(stay: Stay, stays: Iterable[Stay]) -> list[Stay]:
    return [
        other
        for other in stays
        if other.stay_id != stay.stay_id
        and other.property == stay.property
        and other.status not in OVER_BEFORE_IT_BEGAN
    ]


def _later(other: Stay, this: Stay) -> bool:
    if other.status == StayStatus.CHECKED_IN:
        return True
    if other.status == StayStatus.BOOKED:
        return other.arrival <= last_day(this)
    if other.checked_out_at is None or this.checked_out_at is None:
        return False
    # Of two that ended at one instant one goes on; a number alone may be that of both.
    return (other.checked_out_at, other.reservation, other.stay_id) > (
        this.checked_out_at,
        this.reservation,
        this.stay_id,
    )
