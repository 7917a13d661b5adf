"""Whether the guest allows it and the law bears it (the gate's third step)."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, timedelta

from services.messaging.rules.facts import EMAIL, FEEDBACK, MARKETING, PROFILING, SMS, Guest, Point, Request, World
from services.messaging.rules.reasons import Reason
from shared.localtime import local_date

OF_AGE = 18
UNHEARD_FOR = timedelta(hours=36)
# Surveys by SMS need express consent here (TCPA, CASL, the carriers' rule in China).
SMS_SURVEYS_NEED_CONSENT = frozenset({"US", "CA", "CN"})
# No «existing customer» road to marketing at all; and only one that ends.
NO_EXISTING_CUSTOMERS = frozenset({"CN"})
EXISTING_CUSTOMERS_EXPIRE = frozenset({"CA"})
# Front desks type 1900-01-01, 1901-01-01, 1111-11-11 or 9999-12-31 where a birth date must be filled in. Nobody alive
# was born before 1905.
FIRST_YEAR, LAST_YEAR = 1905, 9000


def refusal_of_permission(request: Request, guest: Guest, point: Point, world: World, now: datetime) -> Reason | None:
    today = local_date(now, request.zone)
    if request.purpose == MARKETING and not _may_advertise(guest, point, today):
        return Reason.NO_CONSENT
    if request.purpose == FEEDBACK and not _may_ask(request, guest, point, world):
        return Reason.NO_BASIS
    if request.purpose == MARKETING and _is_chosen(request) and guest.consent(point.channel, PROFILING) == "withdrawn":
        return Reason.FOR_EVERYONE_ONLY
    if request.purpose == MARKETING and _is_minor(guest, today):
        return Reason.MINOR
    if request.occurrence.startswith("birthday:") and is_placeholder(guest.birth_date):
        return Reason.PLACEHOLDER_DATE
    if "absence" in request.wants and _unheard_of(request, world, now):
        return Reason.STALE_DATA
    return None


def is_placeholder(born: date | None) -> bool:
    return born is not None and not FIRST_YEAR <= born.year <= LAST_YEAR


def _may_advertise(guest: Guest, point: Point, today: date) -> bool:
    """SMS needs express consent; e-mail may also go to an existing customer until that ends."""
    consent = guest.consents.get((point.channel, MARKETING))
    if consent is None:
        return False
    if consent.state == "express":
        return consent.expires_on is None or today <= consent.expires_on
    if consent.state != "existing_customer" or point.channel != EMAIL or guest.country in NO_EXISTING_CUSTOMERS:
        return False
    if consent.expires_on is None:
        return guest.country not in EXISTING_CUSTOMERS_EXPIRE
    return today <= consent.expires_on


def _is_chosen(request: Request) -> bool:
    """It rests on what is known of the guest; only what says so is meant for everyone alike."""
    return "for_everyone" not in request.wants


def _may_ask(request: Request, guest: Guest, point: Point, world: World) -> bool:
    """The property told its guests that it would ask, and the country bears it."""
    if guest.consent(point.channel, FEEDBACK) in ("refused", "withdrawn"):
        return False
    property_ = world.properties.get(request.property or "")
    if property_ is None or not property_.told_of_survey:
        return False
    if point.channel == SMS and world.country_of(point) in SMS_SURVEYS_NEED_CONSENT:
        return guest.consent(SMS, MARKETING) == "express"
    return True


def _is_minor(guest: Guest, today: date) -> bool:
    born = guest.birth_date
    if born is None or is_placeholder(born):
        return False
    return today.year - born.year - ((today.month, today.day) < _birthday(born, today.year)) < OF_AGE


def _birthday(born: date, year: int) -> tuple[int, int]:
    """Month and day; 29 February falls on the 28th in common years."""
    return (2, 28) if (born.month, born.day) == (2, 29) and not isleap(year) else (born.month, born.day)


def _unheard_of(request: Request, world: World, now: datetime) -> bool:
    if request.property is None:
        return False
    property_ = world.properties.get(request.property)
    return property_ is None or property_.heard_at is None or now - property_.heard_at > UNHEARD_FOR
