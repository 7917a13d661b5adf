"""The values that texts may read, and where they come from. What is not listed here is in no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.messaging.wording.own_dates import key_of
from shared.rows import row


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
    """The property a message is about. What it did not say is empty; the last two are the addresses of pages."""

    name: str
    contact: str
    code: str = ""
    address: str = ""
    phone: str = ""
    map_url: str = ""
    booking_url: str = ""


@row
class Profile:
    """What texts may say of a guest besides the name. `born`: the whole date; only day and month are ever said.
    `own_dates`: days of the house's own dates, as they are kept."""

    tier: str = ""
    points: int | None = None
    born: date | None = None
    own_dates: Mapping[str, str] = field(default_factory=dict)


@row
class StaySaid:
    """A stay as texts speak of it. `guests`: 0 where it is not known; `check_in`: from when its hotel's rooms are
    ready, as 15:00."""

    hotel: str
    hotel_code: str
    arrival: date
    departure: date
    number: str
    room_type: str = ""
    guests: int = 0
    check_in: str = ""


@dataclass(frozen=True)
class Links:
    unsubscribe: str | None = None
    survey: str | None = None
    confirm: str | None = None
    offer: str | None = None
    offer_qr: str | None = None
    offer_barcode: str | None = None


class ValueKind(StrEnum):
    """How a value is compared, where a block is shown by it."""

    WORD = "word"
    NUMBER = "number"
    MEMBERSHIP = "membership"  # of several, and always known


@dataclass(frozen=True)
class OfferWords:
    """An offer as one guest reads it. `partner`, `colour`, `logo`: whose it is, of a partner's alone; its card wears
    them."""

    name: str = ""
    worth: str = ""
    terms: str = ""
    valid_until: str = ""
    code: str = ""
    partner: str = ""
    colour: str = ""
    logo: str = ""


UNKNOWN = Profile()
OFFER = ("offer.", "links.offer")
"""How the values begin that only a text has which names an offer."""
KNOWN: Mapping[str, str] = {
    "guest.greeting": "the greeting, by language and known title; never missing",
    "guest.name": "the whole name, by language",
    "guest.first_name": "the given name, where one is known",
    "guest.title": "the title, where one is known, as the language says it",
    "guest.language": "the language they read, by its own name",
    "guest.tier": "their tier of the loyalty programme",
    "guest.points": "their points of it, as the language writes numbers",
    "guest.birthday": "day and month of birth",
    "stay.hotel": "the hotel of the stay the message is about",
    "stay.arrival": "its day of arrival, as the language writes it",
    "stay.departure": "its day of departure",
    "stay.nights": "its nights",
    "stay.room_type": "its room",
    "stay.guests": "how many guests it is for",
    "stay.number": "its reservation number",
    "stay.check_in": "from which hour its rooms are ready",
    "last_stay.hotel": "the hotel of the guest's last stay that has ended",
    "last_stay.arrival": "the day of arrival of that stay",
    "last_stay.departure": "the day of departure of that stay",
    "last_stay.nights": "the nights of that stay",
    "last_stay.room_type": "the room of that stay",
    "property.name": "the property the message is about",
    "property.contact": "how to reach that property",
    "property.address": "where that property is",
    "property.phone": "its telephone",
    "sender.brand": "the name guests know",
    "sender.legal_entity": "who answers for the message",
    "sender.postal_address": "where it sits",
    "sender.contact": "how to reach it",
    "links.unsubscribe": "the way out of this kind of message",
    "links.survey": "this guest's survey of this stay",
    "links.confirm": "where this guest confirms a consent; in the text that asks for it, and in no other",
    "links.phone": "that calls the property the message is about",
    "links.map": "its place on a map",
    "links.booking": "where it is booked, with the days of a stay and the code of an offer",
    "journey.name": "what the journey is called that sends it",
    "offer.name": "what the offer is called; in a text that names an offer, as all of these",
    "offer.worth": "what it is worth: per cents, an amount of money, or a gift",
    "offer.terms": "its terms",
    "offer.valid_until": "its last day",
    "offer.code": "this guest's code",
    "links.offer": "this guest's page of the offer: its terms, the code as text and as pictures",
    "links.offer_qr": "the code as a QR picture",
    "links.offer_barcode": "the code as a barcode picture",
}


def is_value(name: str) -> bool:
    """Whether texts may read it: one of these, or one of the house's own dates, which the service of segments knows."""
    return name in KNOWN or key_of(name) is not None


SEGMENT = "guest.segment"
COMPARED: Mapping[str, ValueKind] = {
    "guest.language": ValueKind.WORD,
    "guest.country": ValueKind.WORD,
    SEGMENT: ValueKind.MEMBERSHIP,
    "guest.tier": ValueKind.WORD,
    "guest.points": ValueKind.NUMBER,
    "property.code": ValueKind.WORD,
    "stay.nights": ValueKind.NUMBER,
    "stay.guests": ValueKind.NUMBER,
    "stay.room_type": ValueKind.WORD,
    "last_stay.nights": ValueKind.NUMBER,
    "last_stay.hotel_code": ValueKind.WORD,
}
"""By what a block may be shown or not; languages and countries are codes."""
