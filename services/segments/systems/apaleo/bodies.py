"""Apaleo's documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.segments.systems import values as read
from services.segments.systems.statement import Statement
from services.segments.systems.values import Document, NotRead, part
from shared.vocabulary.stay import StayStatus

STATUSES: Mapping[str, tuple[StayStatus, str]] = {
    "Confirmed": (StayStatus.BOOKED, "created"),
    "InHouse": (StayStatus.CHECKED_IN, "checkInTime"),
    "CheckedOut": (StayStatus.CHECKED_OUT, "checkOutTime"),
    "Canceled": (StayStatus.CANCELLED, "cancellationTime"),
    "NoShow": (StayStatus.NO_SHOW, "noShowTime"),
}
"""By its word, the status and when it began."""


def statement_of(document: Document) -> Statement:
    """Of a reservation. Raises `NotRead`."""
    said = read.text(document.get("status")) or ""
    if said not in STATUSES:
        raise NotRead("status")
    status, began = STATUSES[said]
    modified = read.instant(document.get("modified"))
    if modified is None:
        raise NotRead("modified")
    children = document.get("childrenAges")
    stay: dict[str, Any] = {
        "status": status,
        "status_date": read.instant(document.get(began)) if status is not StayStatus.BOOKED else None,
        "booked_on": read.needed_moment(document.get("created"), "created"),
        "arrival": read.needed_moment(document.get("arrival"), "arrival"),
        "departure": read.needed_moment(document.get("departure"), "departure"),
        "room_type": _named(document, "unitGroup"),
        "rate_plan": _named(document, "ratePlan"),
        "market_segment": _named(document, "marketSegment"),
        "adults": read.count(document.get("adults")),
        "children": len(children) if isinstance(children, list) else None,
        "channel": read.first([document.get("channelCode"), document.get("source")]),
        "revenue": read.amount(part(document, "totalGrossAmount").get("amount")),
        "currency": read.currency(part(document, "totalGrossAmount").get("currency")),
    }
    hotel = read.needed(part(document, "property").get("id"), "property.id")
    return Statement(
        hotel, read.needed(document.get("id"), "id"), modified, stay | _guest(part(document, "primaryGuest"))
    )


def numbers_of(document: Document) -> list[str]:
    """The reservations of a booking."""
    return [number for one in read.items(document, "reservations") if (number := read.text(one.get("id")))]


def _guest(guest: Document) -> dict[str, Any]:
    countries = (part(guest, "address").get("countryCode"), guest.get("nationalityCountryCode"))
    return {
        "title": _title(guest),
        "given_name": read.text(guest.get("firstName")),
        "family_name": read.text(guest.get("lastName")),
        "email": read.text(guest.get("email")),
        "phone": read.text(guest.get("phone")),
        "birth_date": read.day(guest.get("birthDate")),
        "language": read.language(guest.get("preferredLanguage")),
        "country": read.country(read.first(countries)),
    }


def _title(guest: Document) -> str | None:
    found = read.text(guest.get("title"))
    return None if found == "Other" else found


def _named(document: Document, name: str) -> str | None:
    one = part(document, name)
    return read.first([one.get("code"), one.get("name"), one.get("id")])
