"""Guests of the stories: each stays as a story needs it, and has agreed to what it asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from guestloop.generated.names import BY_LANGUAGE
from services.segments.rules.reservations import Reservation
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

YES = ClaimedConsent.EXPRESS
HOMES = {"pt": ("LIS", "PT"), "en": ("LIS", "GB"), "zh": ("SHA", "CN")}


def stay(story: str, number: int, arrival: date, *, nights: int = 2, language: str = "pt", **more: Any) -> Reservation:
    """A stay of the guest of that number, booked a month before, which takes place. `more`: whatever else is known."""
    property_, country = HOMES[language]
    names = BY_LANGUAGE[language]
    given, family = names.women[number % len(names.women)], names.family[(number * 7) % len(names.family)]
    departure = arrival + timedelta(days=nights)
    told = {
        "source": "pms",
        "property": property_,
        "reservation": f"{story}-{number}",
        "status": StayStatus.CHECKED_OUT,
        "status_date": departure,
        "booked_on": arrival - timedelta(days=30),
        "arrival": arrival,
        "departure": departure,
        "given_name": given,
        "family_name": f"{family} {story.title()}" if given.isascii() else family,
        "email": f"{story}{number}@example.com",
        "language": language,
        "country": country,
        "tags": (story,),
    }
    return Reservation(**{**told, **more})


def booked_again(first: Reservation, on: date, *, ahead: int = 20, revenue: str = "300.00") -> Reservation:
    """The same guest books a further stay on that day, which has not come yet."""
    from dataclasses import replace
    from decimal import Decimal

    arrival = on + timedelta(days=ahead)
    return replace(
        first,
        reservation=f"{first.reservation}-again",
        status=StayStatus.BOOKED,
        status_date=on,
        booked_on=on,
        arrival=arrival,
        departure=arrival + timedelta(days=2),
        revenue=Decimal(revenue),
        currency="EUR",
    )
