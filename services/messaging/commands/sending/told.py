"""What texts are told of guests, hotels and stays: from what the gate knows to the values of a message."""

from __future__ import annotations

from operator import attrgetter

from services.messaging.rules.facts import Guest, Property, Request, Stay
from services.messaging.wording.names import Person
from services.messaging.wording.values import Hotel, Identity
from shared.vocabulary.stay import StayStatus

PICTURES, LOGOS = "/messaging/picture/", "/brand/"
IN_ORDER = attrgetter("departure", "arrival", "reservation")


def person(guest: Guest) -> Person:
    return Person(guest.given_name, guest.family_name, guest.title)


def hotel_said(hotel: Property, language: str) -> Hotel:
    return Hotel(
        hotel.name_in(language),
        hotel.contact,
        hotel.code,
        hotel.postal_address,
        hotel.phone,
        hotel.map_url,
        hotel.booking_url,
    )


def told_of(stay: Stay | None) -> tuple[bool, ...]:
    """What is known of a stay: of the rest something always is."""
    return () if stay is None else (bool(stay.room_type), bool(stay.guests))


def identity(speaker: Property | None, language: str, origin: str) -> Identity:
    if speaker is None:
        return Identity("", "", "", "")
    return Identity(
        speaker.name_in(language),
        speaker.legal_entity,
        speaker.postal_address,
        speaker.contact,
        f"{origin}{PICTURES}",
        speaker.colour or "",
        f"{origin}{LOGOS}{speaker.logo}" if speaker.logo else "",
    )


def last_stay(guest: Guest, request: Request) -> Stay | None:
    """The last that has ended before the message was due, whichever hotel it was at."""
    day = request.due_at.date()
    ended = [stay for stay in guest.stays if stay.status == StayStatus.CHECKED_OUT and stay.departure <= day]
    return max(ended, key=IN_ORDER, default=None)
