"""When a message may arrive: permitted hours, weekdays and public holidays, where the guest is or the property is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from services.messaging.rules.answers import UNDER_WAY, answer_in
from services.messaging.rules.channel import Hours
from services.messaging.rules.facts import Guest, Request, Stay, World
from shared.localtime import local_date, local_instant, zone_named
from shared.vocabulary.stay import StayStatus

STILL_THERE = timedelta(hours=24)


def permitted_from(request: Request, guest: Guest, channel: str, world: World, now: datetime) -> datetime | None:
    """The first instant from `now` on at which the message may arrive; None if that is past its usefulness."""
    answer = answer_in(request)
    if answer and (not world.channels[channel].rings or now - answer.heard_at < UNDER_WAY):
        return now
    zones, hours, countries = _place_and_hours(request, guest, channel, world, now)

    def closed(day: date) -> bool:
        return not hours.on_holidays and any(world.is_holiday(country, day) for country in countries)

    if len(zones) == 1:
        found = _first_in(zones[0], hours, closed, now, request)
    else:
        found = _first_in_all(zones, hours, closed, now, request)
    return found if found is not None and found <= request.useful_until else None


def closes_at(request: Request, guest: Guest, channel: str, world: World, now: datetime) -> datetime:
    """When the hours that `now` lies in end, in the first of the zones to close.

    What is said in a conversation is of use while that is under way, at whatever hour.
    """
    answer = answer_in(request)
    if answer and now - answer.heard_at < UNDER_WAY:
        return now + UNDER_WAY
    zones, hours, _ = _place_and_hours(request, guest, channel, world, now)
    return min(local_instant(local_date(now, zone), hours.closes, zone) for zone in zones)


def where_is(guest: Guest, now: datetime) -> Stay | None:
    """The stay a guest is at: from check-in until 24 hours after check-out. None: at home."""
    there = [stay for stay in guest.stays if stay.checked_in_at is not None and _is_there(stay, now)]
    return max(there, key=lambda stay: (stay.checked_in_at, stay.reservation, stay.stay_id), default=None)


def _is_there(stay: Stay, now: datetime) -> bool:
    if stay.status == StayStatus.CHECKED_IN:
        return True
    return stay.checked_out_at is not None and now < stay.checked_out_at + STILL_THERE


def _place_and_hours(
    request: Request, guest: Guest, channel: str, world: World, now: datetime
) -> tuple[tuple[str, ...], Hours, set[str]]:
    """The zones in which the hours must hold (the likeliest first), the hours, and whose holidays count."""
    rules = world.channels[channel]
    property_ = world.properties.get(request.property or "")
    if request.purpose in rules.at_property:
        return (property_.zone if property_ else request.zone,), rules.hours(request.purpose, None), set()
    stay = where_is(guest, now)
    zones: tuple[str, ...]
    if stay:
        host = world.properties.get(stay.property)
        zones, country = (stay.zone,), host.country if host else None
    else:
        zones, country = (guest.home_zone,), guest.country
        if rules.in_every_zone and country and len(world.zones_of(country)) > 1:
            zones = tuple(sorted(world.zones_of(country), key=lambda zone: zone != guest.home_zone))
    countries = {code for code in (country, property_.country if property_ else None) if code}
    return zones, rules.hours(request.purpose, country), countries


def _first_in(
    zone: str, hours: Hours, closed: Callable[[date], bool], now: datetime, request: Request
) -> datetime | None:
    """The first permitted instant in one zone: now, or the message's own hour on the first day allowed."""
    wall = now.astimezone(zone_named(zone))
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
    day, last = now.astimezone(zone_named(zone)).date(), until.astimezone(zone_named(zone)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
