"""Addresses and numbers: how they are written alike, whose they are, and from when on too many guests share one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from tests.oracle.export import Row
from tests.oracle.places import PROPERTY_COUNTRY

MASKED_HOSTS = ("guest.booking.com", "m.expediapartnercentral.com", "guest.airbnb.com", "reply.airbnb.com")
ROLE = re.compile(r"(reservations?|bookings?|info|office|travel|groups?|sales|reception)(\d*|null)")
WORDED = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")  # what may stand before the @
MOST_GUESTS = 5


def email_of(row: Row) -> str:
    return row.email.strip().lower()


def email_kind(address: str) -> str:
    """personal, masked or agency, by what the address itself shows; bad where it is none."""
    name, _, host = address.partition("@")
    if not WORDED.fullmatch(name) or "." not in host:
        return "bad"
    if host in MASKED_HOSTS:
        return "masked"
    return "agency" if ROLE.fullmatch(name) else "personal"


def alias_of(row: Row) -> str | None:
    """The masked address that serves this stay and no other."""
    address = email_of(row)
    return address if email_kind(address) == "masked" else None


@cache
def e164(raw: str, country: str | None) -> str | None:
    """The number as the world dials it; None where it cannot be one. It is dialled in the guest's country; where that
    is not known, or where it is in no use there and a mobile in the hotel's country, in the hotel's.
    """
    own, hotels = _dialled(raw, country), _dialled(raw, PROPERTY_COUNTRY)
    unused = own is not None and not phonenumbers.is_valid_number(own)
    if own is None or (unused and hotels and phonenumbers.number_type(hotels) == phonenumbers.PhoneNumberType.MOBILE):
        own = hotels
    return None if own is None else str(phonenumbers.format_number(own, phonenumbers.PhoneNumberFormat.E164))


def _dialled(raw: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


@cache
def country_of_number(number: str) -> str:
    """The country a number is dialled in; of a code that several share, the one its area lies in."""
    parsed = phonenumbers.parse(number)
    area: str | None = phonenumbers.region_code_for_number(parsed)
    return area or str(phonenumbers.region_code_for_country_code(parsed.country_code or 0))


@cache
def zones_of_number(number: str) -> frozenset[str]:
    """Where its area code lies."""
    return frozenset(time_zones_for_number(phonenumbers.parse(number)))


def phone_of(row: Row) -> str | None:
    return e164(row.phone, row.country) if row.phone.strip() else None


@cache
def gets_texts(number: str) -> bool:
    """Whether a text message may reach it: not where it is certainly a landline or a number of a service."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind not in (
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PAGER,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    )


@dataclass(frozen=True)
class Crowds:
    """From which instant on a contact point carries more guests than one household has."""

    since: dict[str, datetime]

    def crowded(self, point: str, at: datetime) -> bool:
        since = self.since.get(point)
        return since is not None and since <= at


def find_crowds(rows: Iterable[Row], guest_of: dict[str, str]) -> Crowds:
    guests: dict[str, set[str]] = defaultdict(set)
    since: dict[str, datetime] = {}
    for row in sorted(rows, key=lambda row: row.order()):
        for point in (email_of(row), phone_of(row)):
            if point and row.number in guest_of:
                guests[point].add(guest_of[row.number])
                if len(guests[point]) > MOST_GUESTS:
                    since.setdefault(point, row.booked_at)
    return Crowds(since)
