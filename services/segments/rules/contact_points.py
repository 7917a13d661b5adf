"""What an address or number is worth: normalised, and classed personal, masked, agency or bad."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from shared.rows import row
from shared.vocabulary.contact_point import PointClass

MOST_GUESTS = 5  # on more than so many names, a contact point is a booker's

MASKED_DOMAINS = frozenset({
    "guest.booking.com", "property.booking.com", "guest.airbnb.com", "reply.airbnb.com", "host.airbnb.com",
    "user.airbnb.com", "m.expediapartnercentral.com", "expediapartnercentral.com", "guest.expedia.com",
    "messages.homeaway.com", "messages.vrbo.com", "guest.trip.com", "guest.agoda.com", "agoda-messaging.com",
    "guest.hostelworld.com", "privaterelay.hotels.com",
})  # fmt: skip
AGENCY_NAMES = frozenset({
    "reservation", "reservations", "reservas", "reserva", "reservierung", "reservierungen", "booking",
    "bookings", "info", "office", "travel", "travels", "group", "groups", "grupos", "sales", "vendas", "ventas",
    "reception", "rececao", "recepcion", "agency", "agencia", "admin", "contact", "contacto", "kontakt",
    "hello", "events", "mice", "corporate", "business", "tours", "operations", "ops", "accounts", "accounting",
    "hotel",
})  # fmt: skip
BAD_NAMES = frozenset({
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "none", "null", "na", "n/a", "test",
    "nomail", "noemail", "unknown", "noone", "nobody", "postmaster", "mailer-daemon", "abuse",
})  # fmt: skip
BAD_DOMAINS = frozenset({
    "none.com", "noemail.com", "nomail.com", "test.com", "test.test", "none.none", "email.com.invalid",
})  # fmt: skip

PLAIN_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,62}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
TRAILING_NUMBER = re.compile(r"[\d._\-]*$")
NULLISH = frozenset({"", "null", "none", "n/a", "na", "-"})


@row
class Point:
    """A contact point as a row gives it. A bad one keeps the text it came with, so that people can correct it."""

    channel: str  # email | sms
    address: str
    kind: PointClass


def email_point(raw: str, agency_domains: frozenset[str] = frozenset()) -> Point | None:
    """The e-mail address in a cell, or None where the cell stands for none."""
    text = raw.strip().removeprefix("mailto:").strip("<>").lower()
    if text in NULLISH:
        return None
    return Point("email", text, _class_of_email(text, agency_domains))


@lru_cache(maxsize=200_000)
def phone_point(raw: str, region: str | None) -> Point | None:
    """The phone number in a cell, read as dialled in `region`, or None where the cell stands for none."""
    text = raw.strip()
    if text.lower() in NULLISH:
        return None
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Point("sms", text, PointClass.BAD)
    if not phonenumbers.is_possible_number(number) or len(set(str(number.national_number))) == 1:
        return Point("sms", text, PointClass.BAD)
    return Point("sms", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), PointClass.PERSONAL)


def carries_too_many(guests: int) -> bool:
    """Whether so many distinct guests make a personal address or number a booker's."""
    return guests > MOST_GUESTS


def _class_of_email(text: str, agency_domains: frozenset[str]) -> PointClass:
    if not _sound(text):
        return PointClass.BAD
    name, domain = text.rsplit("@", 1)
    if name in BAD_NAMES or domain in BAD_DOMAINS:
        return PointClass.BAD
    if _within(domain, MASKED_DOMAINS):
        return PointClass.MASKED
    role = TRAILING_NUMBER.sub("", name).removesuffix("null")
    if role in AGENCY_NAMES or _within(domain, agency_domains):
        return PointClass.AGENCY
    return PointClass.PERSONAL


def _sound(text: str) -> bool:
    """Plain addresses pass by their shape; only unusual ones go to the validator."""
    if PLAIN_EMAIL.fullmatch(text) and ".." not in text and ".@" not in text:
        return True
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _within(domain: str, known: frozenset[str]) -> bool:
    """Whether a domain, or one above it, is known."""
    parts = domain.split(".")
    return any(".".join(parts[place:]) in known for place in range(len(parts) - 1))
