"""Whether the guest and the law allow it (the gate's third step)."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime

from services.messaging.rules.facts import Guest, Point, Request, World
from shared.localtime import local_date
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.purpose import ConsentPurpose, Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.right import Right

OF_AGE = 18
# Front desks type 1900-01-01, 1901-01-01, 1111-11-11 or 9999-12-31 where a birth date must be filled in. Nobody alive
# was born before 1905.
FIRST_YEAR, LAST_YEAR = 1905, 9000


def refusal_of_permission(request: Request, guest: Guest, point: Point, world: World, now: datetime) -> Reason | None:
    today = local_date(now, request.zone)
    if request.purpose == Purpose.MARKETING and not _may_advertise(guest, point, world, today):
        return Reason.NO_CONSENT
    if request.purpose == Purpose.FEEDBACK and not _may_ask(request, guest, point, world):
        return Reason.NO_BASIS
    if request.purpose == Purpose.MARKETING and _is_chosen(request) and _objects_to_profiling(guest, point):
        return Reason.FOR_EVERYONE_ONLY
    if request.purpose == Purpose.MARKETING and guest.paused_until is not None and now < guest.paused_until:
        return Reason.GUEST_PAUSED
    if request.purpose == Purpose.MARKETING and _is_minor(guest, today):
        return Reason.MINOR
    if request.occurrence.startswith("birthday:") and is_placeholder(guest.birth_date):
        return Reason.PLACEHOLDER_DATE
    return None


def is_placeholder(born: date | None) -> bool:
    return born is not None and not FIRST_YEAR <= born.year <= LAST_YEAR


def _may_advertise(guest: Guest, point: Point, world: World, today: date) -> bool:
    """Express consent; where the channel and the country allow it, also an existing customer, until that ends."""
    consent = guest.consents.get((point.channel, Purpose.MARKETING))
    if consent is None:
        return False
    if consent.state == ConsentState.EXPRESS:
        return consent.expires_on is None or today <= consent.expires_on
    allowed = world.channels[point.channel].existing_customers
    if consent.state != ConsentState.EXISTING_CUSTOMER or allowed is None or guest.country in allowed.never_in:
        return False
    if consent.expires_on is None:
        return guest.country not in allowed.expires_in
    return today <= consent.expires_on


def _is_chosen(request: Request) -> bool:
    """The message rests on what is known of the guest, unless it declares that it is meant for everyone alike."""
    return "for_everyone" not in request.wants


def _objects_to_profiling(guest: Guest, point: Point) -> bool:
    withdrawn = guest.consent(point.channel, ConsentPurpose.PROFILING) == ConsentState.WITHDRAWN
    return withdrawn or Right.OBJECTS_TO_PROFILING in guest.rights


def _may_ask(request: Request, guest: Guest, point: Point, world: World) -> bool:
    """The property has informed its guests that it asks, and the country allows it."""
    if guest.consent(point.channel, Purpose.FEEDBACK) in (ConsentState.REFUSED, ConsentState.WITHDRAWN):
        return False
    property_ = world.properties.get(request.property or "")
    if property_ is None or not property_.told_of_survey:
        return False
    if world.country_of(point) in world.channels[point.channel].surveys_need_consent:
        return guest.consent(point.channel, Purpose.MARKETING) == ConsentState.EXPRESS
    return True


def _is_minor(guest: Guest, today: date) -> bool:
    born = guest.birth_date
    if born is None or is_placeholder(born):
        return False
    return today.year - born.year - ((today.month, today.day) < _birthday(born, today.year)) < OF_AGE


def _birthday(born: date, year: int) -> tuple[int, int]:
    """Month and day; 29 February falls on the 28th in common years."""
    return (2, 28) if (born.month, born.day) == (2, 29) and not isleap(year) else (born.month, born.day)
