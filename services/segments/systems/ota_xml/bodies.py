"""Reservations of `OTA_HotelResNotifRQ` and its kin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from services.segments.rules.systems import Untold
from services.segments.systems import values as read
from services.segments.systems.ota_xml.document import attributes, without_card
from services.segments.systems.statement import Statement
from services.segments.systems.values import NotRead
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

REQUESTS = frozenset({"OTA_HotelResNotifRQ", "OTA_HotelResModifyNotifRQ"})
STATUSES: Mapping[str, StayStatus] = {
    **dict.fromkeys(("commit", "book", "booked", "modify", "modified", "reserved", "new", "confirmed", "pending"),
                    StayStatus.BOOKED),
    **dict.fromkeys(("waitlisted", "request", "requested"), StayStatus.BOOKED),
    **dict.fromkeys(("cancel", "cancelled", "canceled"), StayStatus.CANCELLED),
    **dict.fromkeys(("in-house", "inhouse"), StayStatus.CHECKED_IN),
    **dict.fromkeys(("checked-out", "checkedout"), StayStatus.CHECKED_OUT),
    **dict.fromkeys(("no-show", "noshow"), StayStatus.NO_SHOW),
}  # fmt: skip
ADULT, CHILDREN = "10", frozenset({"7", "8", "9"})
NEWSLETTER = {"newsletter:yes": ClaimedConsent.EXPRESS, "newsletter:no": ClaimedConsent.REFUSED}
NIGHTS = re.compile(r"P(\d{1,3})[ND]")
BOOKED_BY, CANCELLED_BY = "14", "15"


@dataclass(frozen=True)
class Cancellation:
    """Of a reservation by its number alone, as the first message of one may be."""

    hotel: str
    reservation: str
    stated_at: datetime


def read_reservation(one: Element, root: Element, now: datetime) -> Statement | Cancellation:
    """`now`: as of when it is stated, where it does not say so itself. Raises `NotRead`."""
    status = _status(one, root)
    number, stated_at = number_of(one), _at(one, "LastModifyDateTime") or _at(root, "TimeStamp") or now
    rooms, hotel = one.findall("RoomStays/RoomStay"), _hotel(one, root)
    spans = [_span(room.find("TimeSpan")) for room in rooms]
    spans = spans or [_span(found) for found in one.findall("ResGlobalInfo/TimeSpan")]
    if not spans:
        if status is StayStatus.CANCELLED:
            return Cancellation(hotel, number, stated_at)
        raise NotRead("RoomStays/RoomStay/TimeSpan")
    made_at = _at(one, "CreateDateTime")
    amount, currency = _total(one, rooms)
    stay = {
        "status": status,
        "status_date": _at(one, "LastModifyDateTime") or stated_at if status is not StayStatus.BOOKED else None,
        "booked_on": made_at or min(begins for begins, _ in spans),
        "arrival": min(begins for begins, _ in spans),
        "departure": max(ends for _, ends in spans),
        "room_type": _code(rooms, "RoomTypes/RoomType", "RoomTypeCode"),
        "rate_plan": _code(rooms, "RatePlans/RatePlan", "RatePlanCode"),
        **_people(rooms or [one]),
        "channel": _channel(one, root),
        "revenue": amount,
        "currency": currency,
    }
    said = stay | _guest(one)
    return Statement(hotel, number, stated_at, said, untold=_untold(said, is_dated=made_at is not None))


def number_of(one: Element) -> str:
    """Raises `NotRead`."""
    by_kind = {found.get("Type", BOOKED_BY): found.get("ID") for found in one.findall("UniqueID")}
    others = [number for kind, number in by_kind.items() if kind != CANCELLED_BY]
    named = [found.get("ResID_Value") for found in one.findall("ResGlobalInfo/HotelReservationIDs/HotelReservationID")]
    return read.needed(read.first([by_kind.get(BOOKED_BY), *others, *named]), "UniqueID/@ID")


def _status(one: Element, root: Element) -> StayStatus:
    if any(found.get("Type") == CANCELLED_BY for found in one.findall("UniqueID")):
        return StayStatus.CANCELLED
    said = next(attributes(one, "ResStatus"), next(attributes(root, "ResStatus"), "")).lower()
    if said not in STATUSES:
        raise NotRead("@ResStatus")
    return STATUSES[said]


def _hotel(one: Element, root: Element) -> str:
    places = [*one.iter("BasicPropertyInfo"), *root.iter("BasicPropertyInfo")]
    return read.needed(read.first(found.get("HotelCode") for found in places), "BasicPropertyInfo/@HotelCode")


def _at(element: Element, name: str) -> datetime | None:
    """An instant; what has no offset is UTC, as the standard says."""
    try:
        found = datetime.fromisoformat(element.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _span(span: Element | None) -> tuple[date, date]:
    begins = read.day(span.get("Start")) if span is not None else None
    if begins is None or span is None:
        raise NotRead("TimeSpan/@Start")
    if ends := read.day(span.get("End")):
        return begins, ends
    nights = NIGHTS.fullmatch(span.get("Duration", ""))
    if nights is None:
        raise NotRead("TimeSpan/@End")
    return begins, begins + timedelta(days=int(nights[1]))


def _total(one: Element, rooms: Sequence[Element]) -> tuple[Decimal | None, str | None]:
    """Of the whole reservation, else the sum of its rooms where all are in one currency."""
    whole = one.find("ResGlobalInfo/Total")
    totals = [whole] if whole is not None else [found for room in rooms if (found := room.find("Total")) is not None]
    amounts = [_amount(total) for total in totals]
    currencies = {read.currency(total.get("CurrencyCode")) for total in totals}
    if not amounts or None in amounts or len(currencies) != 1:
        return None, None
    return sum((found for found in amounts if found is not None), Decimal(0)), currencies.pop()


def _amount(total: Element) -> Decimal | None:
    """Without a point, as many of its last digits are decimals as it says."""
    text = next(attributes(total, "AmountAfterTax", "AmountBeforeTax"), "")
    places = total.get("DecimalPlaces", "")
    found = read.amount(text)
    if found is not None and "." not in text and places.isdecimal() and int(places) <= 4:
        return found.scaleb(-int(places))
    return found


def _people(rooms: Sequence[Element]) -> dict[str, Any]:
    adults, children, is_said = 0, 0, False
    for counted in (found for room in rooms for found in room.findall("GuestCounts/GuestCount")):
        number, kind = read.count(counted.get("Count", "1")) or 0, counted.get("AgeQualifyingCode", "")
        is_said = True
        adults += number if kind in (ADULT, "") else 0
        children += number if kind in CHILDREN else 0
    return {"adults": adults, "children": children} if is_said else {}


def _code(rooms: Sequence[Element], path: str, name: str) -> str | None:
    return without_card(read.first(found.get(name) for room in rooms for found in room.findall(path)))


def _channel(one: Element, root: Element) -> str | None:
    path = "POS/Source/BookingChannel/CompanyName"
    companies = [*one.findall(path), *root.findall(path)]
    names = [name for company in companies for name in (company.text, company.get("Code"))]
    ids = [found.get("ResID_Source") for found in one.iter("HotelReservationID")]
    return without_card(read.first([*names, *ids]))


def _guest(one: Element) -> dict[str, Any]:
    """The one who is marked as the first, else the first. Companies and agencies are none."""
    guests = sorted(one.findall("ResGuests/ResGuest"), key=lambda one: one.get("PrimaryIndicator") not in ("true", "1"))
    people = [
        customer
        for guest in guests
        for profile in guest.iter("Profile")
        if profile.get("ProfileType", "1") == "1" and (customer := profile.find("Customer")) is not None
    ]
    if not people:
        return {}
    person = people[0]
    email = person.find("Email")
    country = person.find("Address/CountryName")
    codes = [country.get("Code"), country.text] if country is not None else []
    remark = (email.get("Remark", "") if email is not None else "").replace(" ", "").lower()
    return {
        "title": _text(person, "PersonName/NamePrefix"),
        "given_name": _text(person, "PersonName/GivenName"),
        "family_name": _text(person, "PersonName/Surname"),
        "email": _text(person, "Email"),
        "phone": read.first(found.get("PhoneNumber") for found in person.findall("Telephone")),
        "birth_date": read.day(person.get("BirthDate")),
        "language": read.language(person.get("Language")),
        "country": next((found for code in codes if (found := read.country(code))), None),
        "email_consent": NEWSLETTER.get(remark),
    }


def _untold(said: Mapping[str, Any], *, is_dated: bool) -> list[Untold]:
    has_guest = "family_name" in said
    told = {
        Untold.GUEST: has_guest,
        Untold.NAME: not has_guest or said["given_name"] or said["family_name"],
        Untold.CONTACT: not has_guest or said["email"] or said["phone"],
        Untold.BOOKED_ON: is_dated,
        Untold.MONEY: said["revenue"] is not None and said["currency"] is not None,
        Untold.PEOPLE: "adults" in said,
    }
    return [what for what, is_told in told.items() if not is_told]


def _text(person: Element, path: str) -> str | None:
    return without_card(read.text(person.findtext(path)))
