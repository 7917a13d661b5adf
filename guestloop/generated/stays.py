"""The stays of one invented person: in them are the patterns that try a journey, touching, lapsing, falling through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

PROPERTIES = ("LIS", "ALG")


@dataclass(frozen=True)
class PlannedStay:
    property: str
    status: str
    status_date: date
    booked_on: date
    arrival: date
    departure: date


def plan_stays(chance: Random, first: date, last: date) -> Iterator[PlannedStay]:
    """What one person books, with arrivals between `first` and `last`."""
    count = chance.choices((1, 2, 3, 4, 5, 7), (52, 22, 12, 7, 5, 2))[0]
    home = chance.choices(PROPERTIES, (65, 35))[0]
    arrival = first + timedelta(chance.randrange((last - first).days + 1))
    for _ in range(count):
        if arrival > last:
            return
        where = home if chance.random() < 0.8 else chance.choice(PROPERTIES)
        stay = plan_stay(chance, where, arrival)
        yield stay
        if stay.status == "cancelled" and chance.random() < 0.25:
            yield from _booked_again(chance, stay, last)
        if stay.status == "checked_out" and chance.random() < 0.06:
            yield from _booked_as_the_win_back_leaves(chance, stay, last)
        arrival = _next_arrival(chance, stay, first)


def plan_stay(chance: Random, where: str, arrival: date) -> PlannedStay:
    nights = chance.choices((0, 1, 2, 3, 4, 7, 14, 29), (4, 22, 24, 20, 12, 12, 5, 1))[0]
    lead = chance.choices(
        (0, 1, chance.randrange(2, 15), chance.randrange(15, 120), chance.randrange(120, 330)), (12, 5, 23, 42, 18)
    )[0]
    booked_on, departure = arrival - timedelta(lead), arrival + timedelta(nights)
    status = chance.choices(("checked_out", "cancelled", "no_show"), (68, 29, 3))[0]
    match status:
        case "checked_out":
            happened = _left(chance, arrival, departure)
        case "cancelled":
            happened = _called_off(chance, booked_on, arrival)
        case _:
            happened = arrival
    return PlannedStay(where, status, happened, booked_on, arrival, departure)


def _left(chance: Random, arrival: date, departure: date) -> date:
    """The day of the actual check-out: mostly as booked, at times earlier or later."""
    kind = chance.random()
    if kind < 0.03 and departure > arrival:
        return arrival + timedelta(chance.randrange((departure - arrival).days))
    return departure + timedelta(1) if kind > 0.995 else departure


def _called_off(chance: Random, booked_on: date, arrival: date) -> date:
    kind = chance.random()
    if kind < 0.1:
        return booked_on
    if kind < 0.2:
        return arrival
    return booked_on + timedelta(chance.randrange((arrival - booked_on).days + 1))


def _booked_again(chance: Random, stay: PlannedStay, last: date) -> Iterator[PlannedStay]:
    """Cancelled and booked again within a day, as every change at an OTA looks; at times at the other hotel."""
    arrival = max(stay.arrival, stay.status_date) + timedelta(chance.randrange(4))
    if arrival > last:
        return
    where = stay.property if chance.random() < 0.8 else PROPERTIES[1 - PROPERTIES.index(stay.property)]
    departure = arrival + timedelta(chance.randrange(1, 5))
    booked_on = min(stay.status_date + timedelta(chance.randrange(2)), arrival)
    yield PlannedStay(where, "checked_out", departure, booked_on, arrival, departure)


def _booked_as_the_win_back_leaves(chance: Random, stay: PlannedStay, last: date) -> Iterator[PlannedStay]:
    """Booked around the ninetieth day: the evening before, that morning, or while a message waits for a Monday."""
    booked_on = stay.status_date + timedelta(chance.choice((89, 90, 91, 91)))
    arrival = booked_on + timedelta(chance.randrange(1, 40))
    if arrival > last:
        return
    if chance.random() < 0.5:
        called_off = booked_on + timedelta(chance.randrange((arrival - booked_on).days + 1))
        yield PlannedStay(stay.property, "cancelled", called_off, booked_on, arrival, arrival + timedelta(2))
    else:
        departure = arrival + timedelta(chance.randrange(1, 4))
        yield PlannedStay(stay.property, "checked_out", departure, booked_on, arrival, departure)


def _next_arrival(chance: Random, stay: PlannedStay, first: date) -> date:
    kind = chance.random()
    if kind < 0.1:
        return stay.departure  # touches
    if kind < 0.15:
        return max(first, stay.arrival)  # another room, the same nights
    if kind < 0.2:
        return stay.arrival + timedelta(max(1, (stay.departure - stay.arrival).days - 1))  # overlaps
    if kind < 0.4:
        return stay.departure + timedelta(chance.randrange(1, 60))
    if kind < 0.75:
        return stay.departure + timedelta(chance.randrange(80, 140))  # around the ninetieth day and the fortnight after
    return stay.departure + timedelta(chance.randrange(60, 420))
