"""Cloudbeds' documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.segments.systems import values as read
from services.segments.systems.statement import Statement
from services.segments.systems.values import Document, NotRead, items, part
from shared.vocabulary.stay import StayStatus

STATUSES: Mapping[str, StayStatus] = {
    **dict.fromkeys(("confirmed", "not_confirmed"), StayStatus.BOOKED),
    "checked_in": StayStatus.CHECKED_IN,
    "checked_out": StayStatus.CHECKED_OUT,
    "canceled": StayStatus.CANCELLED,
    "no_show": StayStatus.NO_SHOW,
}


def statement_of(reservation: Document, guest: Document) -> Statement:
    """`guest`: as `getGuest` has the main one, empty where there is none. Raises `NotRead`."""
    said = read.text(reservation.get("status")) or ""
    if said not in STATUSES:
        raise NotRead("status")
    modified = modified_at(reservation)
    rooms = items(reservation, "assigned") + items(reservation, "unassigned")
    stay: dict[str, Any] = {
        "status": STATUSES[said],
        "status_date": modified.date() if STATUSES[said] is StayStatus.CANCELLED else None,
        "booked_on": _day(reservation, "dateCreated"),
        "arrival": _day(reservation, "startDate"),
        "departure": _day(reservation, "endDate"),
        "room_type": read.first(room.get("roomTypeName") for room in rooms),
        "market_segment": read.first([room.get("marketCode") or room.get("marketName") for room in rooms]),
        "adults": _sum(rooms, "adults"),
        "children": _sum(rooms, "children"),
        "channel": read.first([reservation.get("source"), reservation.get("origin")]),
        "revenue": read.amount(reservation.get("total")),
    }
    hotel = read.needed(reservation.get("propertyID"), "propertyID")
    number = read.needed(reservation.get("reservationID"), "reservationID")
    person = _guest(part(reservation, "guestList", main_guest(reservation) or ""), guest)
    return Statement(hotel, number, modified, stay | person, in_hotels_money=True)


def modified_at(reservation: Document) -> datetime:
    """Compared with others of its kind alone, so that its missing offset says nothing. Raises `NotRead`."""
    for name in ("dateModified", "dateCreated"):
        try:
            found = datetime.fromisoformat(str(reservation.get(name)))
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise NotRead("dateModified")


def main_guest(reservation: Document) -> str | None:
    """The number of the guest who is marked as such; the list is an object by number."""
    guests = {number: one for number, one in part(reservation, "guestList").items() if isinstance(one, dict)}
    marked = [number for number, one in guests.items() if str(one.get("isMainGuest")).lower() in ("true", "1")]
    return next(iter(marked or guests), None)


def _guest(listed: Document, known: Document) -> dict[str, Any]:
    """Whoever was made anonymous there is nobody here: the address that is left must never be written to."""
    if any(str(one.get("isAnonymized")).lower() in ("true", "1") for one in (listed, known)):
        return {}

    def first(*names: str) -> str | None:
        return read.first(one.get(name) for one in (known, listed) for name in names)

    return {
        "given_name": first("firstName", "guestFirstName"),
        "family_name": first("lastName", "guestLastName"),
        "email": first("email", "guestEmail"),
        "phone": first("cellPhone", "guestCellPhone", "phone", "guestPhone"),
        "birth_date": read.day(first("birthDate", "birthdate", "guestBirthdate", "guestBirthDate")),
        "country": read.country(first("country", "guestCountry")),
        "email_consent": read.consent(known.get("guestOptIn")) if "guestOptIn" in known else None,
    }


def _day(reservation: Document, name: str) -> Any:
    found = read.day(reservation.get(name))
    if found is None:
        raise NotRead(name)
    return found


def _sum(rooms: list[dict[str, Any]], name: str) -> int | None:
    counts = [number for room in rooms if (number := read.count(room.get(name))) is not None]
    return sum(counts) if counts else None
