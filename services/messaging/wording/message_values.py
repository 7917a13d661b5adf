"""The values of one message, in groups that are made when its text first asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from services.messaging.wording import ways
from services.messaging.wording.formats import (
    birthday_in_words,
    day_in_words,
    hour_in_words,
    language_in_words,
    number_in_words,
)
from services.messaging.wording.groups import Groups
from services.messaging.wording.names import Person, guest_words
from services.messaging.wording.own_dates import GROUP, days_in_words
from services.messaging.wording.values import (
    SEGMENT,
    UNKNOWN,
    Hotel,
    Identity,
    Links,
    OfferWords,
    Profile,
    StaySaid,
)
from shared.rows import row

NOWHERE: dict[str, str] = {}


@row
class Told:
    """All that the values of one message are made of."""

    person: Person
    language: str
    hotel: Hotel | None
    links: Links
    stay: StaySaid | None
    last_stay: StaySaid | None
    country: str | None
    offer: OfferWords | None
    profile: Profile
    journey: str
    segments: frozenset[str]


def message_values(
    person: Person,
    language: str,
    *,
    sender: Identity,
    hotel: Hotel | None,
    links: Links,
    stay: StaySaid | None = None,
    last_stay: StaySaid | None = None,
    country: str | None = None,
    offer: OfferWords | None = None,
    profile: Profile = UNKNOWN,
    journey: str = "",
    segments: frozenset[str] = frozenset(),
) -> Groups[Told]:
    """What a text is filled with. A value that is not known is absent, so that it is missed by name.

    `facts` beside them is what conditions compare, by dotted path: no text reads it.
    """

    told = Told(person, language, hotel, links, stay, last_stay, country, offer, profile, journey, segments)
    groups = {"property": _hotel_words(hotel) if hotel else NOWHERE, "sender": _sender_words(sender)}
    if offer:
        groups["offer"] = _known(vars(offer))
    return Groups(MADE_OF, told, groups)


def _words_of_guest(told: Told) -> dict[str, str]:
    profile, language = told.profile, told.language
    born = profile.born
    of_profile = {
        "language": language_in_words(language),
        "tier": profile.tier,
        "points": "" if profile.points is None else number_in_words(profile.points, language),
        "birthday": birthday_in_words(born.month, born.day, language) if born else "",
    }
    return _known({**guest_words(told.person, language), **of_profile})


def _known(words: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in words.items() if value}


@lru_cache(maxsize=1_000)
def _hotel_words(hotel: Hotel) -> dict[str, str]:
    return _known({"name": hotel.name, "contact": hotel.contact, "address": hotel.address, "phone": hotel.phone})


@lru_cache(maxsize=1_000)
def _sender_words(sender: Identity) -> dict[str, str]:
    return _known(vars(sender))


def _ways(told: Told) -> dict[str, str]:
    hotel = told.hotel
    if hotel is None:
        return {}
    booking = ways.booking(hotel.booking_url, _asked_for(told)) if hotel.booking_url else ""
    return {"phone": ways.telephone(hotel.phone), "map": hotel.map_url, "booking": booking}


def _asked_for(told: Told) -> dict[str, str]:
    """What the page where the hotel is booked is told."""
    asked = {"language": told.language, "code": told.offer.code if told.offer else ""}
    if told.stay:
        asked |= {"arrival": told.stay.arrival.isoformat(), "departure": told.stay.departure.isoformat()}
    return asked


def _stay_words(stay: StaySaid | None, language: str) -> dict[str, str]:
    if stay is None:
        return {}
    return {
        "hotel": stay.hotel,
        "arrival": day_in_words(stay.arrival, language),
        "departure": day_in_words(stay.departure, language),
        "nights": str(_nights(stay)),
        "room_type": stay.room_type,
        "guests": str(stay.guests or ""),
        "number": stay.number,
        "check_in": hour_in_words(stay.check_in, language) if stay.check_in else "",
    }


def _facts(told: Told) -> dict[str, Any]:
    hotel, stay, last_stay, profile = told.hotel, told.stay, told.last_stay, told.profile
    found: dict[str, str | int | None] = {
        "guest.language": told.language,
        "guest.country": told.country,
        "guest.tier": profile.tier,
        "guest.points": profile.points,
        "property.code": hotel.code if hotel else None,
        "stay.nights": _nights(stay) if stay else None,
        "stay.guests": (stay.guests or None) if stay else None,
        "stay.room_type": stay.room_type if stay else None,
        "last_stay.nights": _nights(last_stay) if last_stay else None,
        "last_stay.hotel_code": last_stay.hotel_code if last_stay else None,
    }
    return {**{path: value for path, value in found.items() if value not in (None, "")}, SEGMENT: told.segments}


def _nights(stay: StaySaid) -> int:
    return (stay.departure - stay.arrival).days


MADE_OF: Mapping[str, Callable[[Told], dict[str, Any]]] = {
    "guest": _words_of_guest,
    "links": lambda told: _known({**vars(told.links), **_ways(told)}),
    "stay": lambda told: _known(_stay_words(told.stay, told.language)),
    "last_stay": lambda told: _known(_stay_words(told.last_stay, told.language)),
    "journey": lambda told: _known({"name": told.journey}),
    GROUP: lambda told: days_in_words(told.profile.own_dates, told.language),
    "facts": _facts,
}
"""By name, the groups that are made when a text first asks for them."""
