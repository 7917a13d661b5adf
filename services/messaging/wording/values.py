"""The values that texts may read, and where they come from. What is not listed here is in no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from services.messaging.wording.names import Person, guest_words


@dataclass(frozen=True)
class Identity:
    """Who sends: it stands in every message. `pictures`: what stands before the name of a picture. `colour`: #rrggbb
    of its buttons and links, ours where it has none; `logo`: the address of a picture."""

    brand: str
    legal_entity: str
    postal_address: str
    contact: str
    pictures: str = ""
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True)
class Hotel:
    """The property a message is about."""

    name: str
    contact: str
    code: str = ""


@dataclass(frozen=True)
class StaySaid:
    """A stay as texts speak of it."""

    hotel: str
    hotel_code: str
    arrival: date
    departure: date
    number: str
    room_type: str = ""


@dataclass(frozen=True)
class Links:
    unsubscribe: str | None = None
    survey: str | None = None
    confirm: str | None = None


class ValueKind(StrEnum):
    """How a value is compared, where a block is shown by it."""

    WORD = "word"
    NUMBER = "number"


KNOWN: Mapping[str, str] = {
    "guest.greeting": "the greeting, by language and known title; never missing",
    "guest.name": "the whole name, by language",
    "guest.first_name": "the given name, where one is known",
    "stay.hotel": "the hotel of the stay the message is about",
    "stay.arrival": "its day of arrival, as the language writes it",
    "stay.departure": "its day of departure",
    "stay.nights": "its nights",
    "stay.room_type": "its room",
    "stay.number": "its reservation number",
    "last_stay.hotel": "the hotel of the guest's last stay that has ended",
    "last_stay.arrival": "the day of arrival of that stay",
    "last_stay.departure": "the day of departure of that stay",
    "last_stay.nights": "the nights of that stay",
    "property.name": "the property the message is about",
    "property.contact": "how to reach that property",
    "sender.brand": "the name guests know",
    "sender.legal_entity": "who answers for the message",
    "sender.postal_address": "where it sits",
    "sender.contact": "how to reach it",
    "links.unsubscribe": "the way out of this kind of message",
    "links.survey": "this guest's survey of this stay",
    "links.confirm": "where this guest confirms a consent; in the text that asks for it, and in no other",
}


COMPARED: Mapping[str, ValueKind] = {
    "guest.language": ValueKind.WORD,
    "guest.country": ValueKind.WORD,
    "property.code": ValueKind.WORD,
    "stay.nights": ValueKind.NUMBER,
    "stay.room_type": ValueKind.WORD,
    "last_stay.nights": ValueKind.NUMBER,
    "last_stay.hotel_code": ValueKind.WORD,
}
"""By what a block may be shown or not; languages and countries are codes."""


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
) -> dict[str, Any]:
    """What a text is filled with. A value that is not known is absent, so that it is missed by name.

    `facts` beside them is what conditions compare, by dotted path: no text reads it.
    """
    parts = {
        "guest": guest_words(person, language),
        "property": {"name": hotel.name, "contact": hotel.contact} if hotel else {},
        "sender": vars(sender),
        "links": vars(links),
        "stay": _stay_words(stay, language),
        "last_stay": _stay_words(last_stay, language),
    }
    values: dict[str, Any] = {
        name: {key: value for key, value in part.items() if value} for name, part in parts.items()
    }
    return values | {"facts": _facts(language, country, hotel, stay, last_stay)}


def _stay_words(stay: StaySaid | None, language: str) -> dict[str, str]:
    if stay is None:
        return {}
    return {
        "hotel": stay.hotel,
        "arrival": day_in_words(stay.arrival, language),
        "departure": day_in_words(stay.departure, language),
        "nights": str(_nights(stay)),
        "room_type": stay.room_type,
        "number": stay.number,
    }


@lru_cache(maxsize=4096)
def day_in_words(day: date, language: str) -> str:
    """A day as the language writes it in a letter: 3 March 2026, 2026年3月3日."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en", "GB")
    return format_date(day, "long", locale=Locale("en", "GB") if str(locale) == "en" else locale)


def _facts(
    language: str, country: str | None, hotel: Hotel | None, stay: StaySaid | None, last_stay: StaySaid | None
) -> dict[str, str | int]:
    found: dict[str, str | int | None] = {
        "guest.language": language,
        "guest.country": country,
        "property.code": hotel.code if hotel else None,
        "stay.nights": _nights(stay) if stay else None,
        "stay.room_type": stay.room_type if stay else None,
        "last_stay.nights": _nights(last_stay) if last_stay else None,
        "last_stay.hotel_code": last_stay.hotel_code if last_stay else None,
    }
    return {path: value for path, value in found.items() if value not in (None, "")}


def _nights(stay: StaySaid) -> int:
    return (stay.departure - stay.arrival).days
