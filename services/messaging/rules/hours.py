"""When a message may arrive: permitted hours, weekdays and public holidays, where the guest is or the property is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from services.messaging.rules.answers import UNDER_WAY, answer_in
from services.messaging.rules.channel import Hours
from services.messaging.rules.facts import Guest, Point, Request, Stay, World
from shared.localtime import local_date, local_instant, zone_named
from shared.vocabulary.stay import StayStatus

STILL_THERE = timedelta(hours=24)
ALIKE = timedelta(hours=1)  # clocks that differ by no more count as one
A_LATE_CLAIM = timedelta(minutes=30)


def permitted_from(
    request: Request, guest: Guest, channel: str, world: World, now: datetime, point: Point | None = None
) -> datetime | None:
    """The first instant from `now` on at which the message may arrive; None if that is past its usefulness. `point`:
    where it goes, which may tell in which of the country's zones the guest is."""
    answer = answer_in(request)
    if answer and (not world.channels[channel].rings or now - answer.heard_at < UNDER_WAY):
        return now
    zones, hours, countries = _place_and_hours(request, guest, channel, world, now, point)

    def closed(day: date) -> bool:
        return not hours.on_holidays and any(world.is_holiday(country, day) for country in countries)

    if len(zones) == 1:
        found = _first_in(zones[0], hours, closed, now, request)
    else:
        found = _first_in_all(zones, hours, closed, now, request)
    return found if found is not None and found <= request.useful_until else None


def closes_at(
    request: Request, guest: Guest, channel: str, world: World, now: datetime, point: Point | None = None
) -> datetime:
    """When the hours that `now` lies in end, in the first of the zones to close.

    What is said in a conversation is of use while that is under way, at whatever hour.
    """
    answer = answer_in(request)
    if answer and now - answer.heard_at < UNDER_WAY:
        return now + UNDER_WAY
    zones, hours, _ = _place_and_hours(request, guest, channel, world, now, point)
    return min(local_instant(local_date(now, zone), hours.closes, zone) for zone in zones)


def where_is(guest: Guest, now: datetime) -> Stay | None:
    """The stay a guest is at: from check-in until 24 hours after check-out. None: at home."""
    there = [stay for stay in guest.stays if stay.checked_in_at is not None and _is_there(stay, now)]
    return max(there, key=lambda stay: (stay.checked_in_at, stay.reservation, stay.stay_id), default=None)


def _is_there(stay: Stay, now: datetime) -> bool:
    if stay.status == StayStatus.CHECKED_IN:
        return True
    return stay.checked_out_at is not None and now <= stay.checked_out_at + STILL_THERE


def _place_and_hours(
    request: Request, guest: Guest, channel: str, world: World, now: datetime, point: Point | None
) -> tuple[tuple[str, ...], Hours, set[str]]:
    """The zones in which the hours must hold (the likeliest first), the hours, and whose holidays count."""
    rules = world.channels[channel]
    property_ = world.properties.get(request.property or "")
    if request.purpose in rules.at_property:
        return (
            (property_.zone if property_ else request.zone,),
            rules.hours(request.purpose, None, world.house.hours),
            set(),
        )
    stay = where_is(guest, _planned(request, now))
    zones: tuple[str, ...]
    if stay:
        host = world.properties.get(stay.property)
        zones, country = (stay.zone,), host.country if host else None
    else:
        zones, country = (guest.home_zone,), guest.country
        if rules.in_every_zone and country and len(world.zones_of(country)) > 1:
            zones = _zones_at_home(guest, country, point, world, now)
    countries = {code for code in (country, property_.country if property_ else None) if code}
    return zones, rules.hours(request.purpose, country, world.house.hours), countries


def _planned(request: Request, now: datetime) -> datetime:
    """Where a guest is, is asked of the instant that was planned: a survey planned for the end of the day after
    check-out goes by the hotel's clock, though it is claimed some seconds later."""
    return request.due_at if timedelta(0) <= now - request.due_at <= A_LATE_CLAIM else now


def _zones_at_home(guest: Guest, country: str, point: Point | None, world: World, now: datetime) -> tuple[str, ...]:
    """The zones of the country, as far as the number's area code leaves them open; where their clocks differ by no more
    than an hour, the guest's own alone. The likeliest first."""
    zones = world.zones_of(country)
    if point is not None and world.country_of(point) == country:
        of_the_number = world.zones_of_point(point)
        zones = tuple(zone for zone in zones if zone in of_the_number) or zones
    if guest.home_zone in zones and _apart(zones, now) <= ALIKE:
        return (guest.home_zone,)
    return tuple(sorted(zones, key=lambda zone: zone != guest.home_zone))


def _apart(zones: tuple[str, ...], now: datetime) -> timedelta:
    """By how much the clocks of these zones differ now."""
    offsets = [now.astimezone(zone_named(zone)).utcoffset() or timedelta(0) for zone in zones]
    return max(offsets) - min(offsets)


def _first_in(
    zone: str, hours: Hours, closed: Callable[[date], bool], now: datetime, request: Request
) -> datetime | None:
    """The first permitted instant in one zone: now, or the message's own hour on the first day allowed."""
    wall = _wall_clock(now, zone)
    wished = time.fromisoformat(request.local_time) if request.local_time else hours.opens
    hour = wished if hours.opens <= wished < hours.closes else hours.opens
    for day in _days(now, request.useful_until, zone):
        if day.isoweekday() not in hours.days or closed(day):
            continue
        if day > wall.date():
            return local_instant(day, hour, zone)
        if wall.time() < hours.opens:
            return local_instant(day, hour, zone)
        if wall.time() < hours.closes:
            return now
    return None


def _first_in_all(
    zones: tuple[str, ...], hours: Hours, closed: Callable[[date], bool], now: datetime, request: Request
) -> datetime | None:
    """The first instant permitted in every zone: now, or on the first day allowed the message's own hour in the
    likeliest zone; where that hour is closed somewhere, the opening of the last zone to open."""

    def open_at(instant: datetime, zone: str) -> bool:
        wall = instant.astimezone(zone_named(zone))
        day = wall.date()
        return hours.opens <= wall.time() < hours.closes and day.isoweekday() in hours.days and not closed(day)

    def suits(instant: datetime) -> bool:
        return instant >= now and all(open_at(instant, zone) for zone in zones)

    if suits(now):
        return now
    openings = {
        local_instant(day, hours.opens, zone) for zone in zones for day in _days(now, request.useful_until, zone)
    }
    opening = next((instant for instant in sorted(openings) if suits(instant)), None)
    if opening is None or request.local_time is None:
        return opening
    wished = local_instant(local_date(opening, zones[0]), time.fromisoformat(request.local_time), zones[0])
    return wished if suits(wished) else opening


def _days(now: datetime, until: datetime, zone: str) -> Iterator[date]:
    """Today, which is enough for most, and those after it."""
    day = _wall_clock(now, zone).date()
    yield day
    last = local_date(until, zone)
    while (day := day + timedelta(days=1)) <= last:
        yield day


@lru_cache(maxsize=256)
def _wall_clock(now: datetime, zone: str) -> datetime:
    """All messages of a claim are asked about at one instant."""
    return now.astimezone(zone_named(zone))
