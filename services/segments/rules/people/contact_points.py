"""What an address or number is worth to a hotel: personal, masked, an agency's, or bad and why."""

from __future__ import annotations

import re
from functools import lru_cache

from shared.contact_points.emails import read_emails
from shared.contact_points.phones import read_phones
from shared.contact_points.reading import PointRead
from shared.rows import row
from shared.vocabulary.contact_point import STILL_KNOWN_BY, PointClass, PointFault

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

TRAILING_NUMBER = re.compile(r"[\d._\-]*$")


@row
class Point:
    """A contact point as a row gives it. A bad one says why; it keeps the text it came with, so that people can
    correct it, unless it is a number that can be called.
    """

    channel: str  # email | sms
    address: str
    kind: PointClass
    fault: PointFault | None = None
    form: str | None = None  # how earlier versions kept it, where it was mended since

    @property
    def identifies(self) -> bool:
        """Whether a guest is found by it."""
        return identifies(self.kind, self.fault)


def identifies(kind: PointClass, fault: PointFault | None) -> bool:
    return kind is PointClass.PERSONAL or fault in STILL_KNOWN_BY


def email_points(text: str, agency_domains: frozenset[str] = frozenset()) -> tuple[Point, ...]:
    """The e-mail addresses in a cell, usable ones first; none where the cell stands for none."""
    return tuple(_email(read, agency_domains) for read in read_emails(text))


def phone_points(text: str, *countries: str | None) -> tuple[Point, ...]:
    """The phone numbers in a cell, usable ones first; none where the cell stands for none. `countries`: where they may
    be dialled, the guest's own first, then the hotel's.
    """
    return tuple(_phone(read) for read in read_phones(text, *countries))


def email_point(text: str, agency_domains: frozenset[str] = frozenset()) -> Point | None:
    """The first of `email_points`."""
    return next(iter(email_points(text, agency_domains)), None)


def phone_point(text: str, *countries: str | None) -> Point | None:
    """The first of `phone_points`."""
    return next(iter(phone_points(text, *countries)), None)


def carries_too_many(guests: int) -> bool:
    """Whether so many distinct guests make a personal address or number a booker's."""
    return guests > MOST_GUESTS


def _phone(read: PointRead) -> Point:
    return Point("sms", read.address, PointClass.BAD if read.fault else PointClass.PERSONAL, read.fault, read.form)


def _email(read: PointRead, agency_domains: frozenset[str]) -> Point:
    kind, fault = _class_of(read, agency_domains)
    return Point("email", read.address, kind, fault, read.form)


def _class_of(read: PointRead, agency_domains: frozenset[str]) -> tuple[PointClass, PointFault | None]:
    if read.fault:
        return PointClass.BAD, read.fault
    name, domain = read.address.rsplit("@", 1)
    if name in BAD_NAMES or domain in BAD_DOMAINS:
        return PointClass.BAD, PointFault.PLACEHOLDER
    if _within(domain, MASKED_DOMAINS):
        return PointClass.MASKED, None
    role = TRAILING_NUMBER.sub("", name).removesuffix("null")
    if role in AGENCY_NAMES or _within(domain, agency_domains):
        return PointClass.AGENCY, None
    return PointClass.PERSONAL, None


@lru_cache(maxsize=20_000)
def _within(domain: str, known: frozenset[str]) -> bool:
    """Whether a domain, or one above it, is known."""
    parts = domain.split(".")
    return any(".".join(parts[place:]) in known for place in range(len(parts) - 1))
