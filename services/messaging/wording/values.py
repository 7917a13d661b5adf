"""The values that texts may read, and where they come from. What is not listed here is in no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.messaging.wording.names import Person, guest_words


@dataclass(frozen=True)
class Identity:
    """Who sends: it stands in every message."""

    brand: str
    legal_entity: str
    postal_address: str
    contact: str


@dataclass(frozen=True)
class Hotel:
    """The property a message is about."""

    name: str
    contact: str


@dataclass(frozen=True)
class Links:
    unsubscribe: str | None = None
    survey: str | None = None
    confirm: str | None = None
    offer: str | None = None
    offer_qr: str | None = None
    offer_barcode: str | None = None


@dataclass(frozen=True)
class OfferWords:
    """An offer as one guest reads it."""

    name: str = ""
    worth: str = ""
    terms: str = ""
    valid_until: str = ""
    code: str = ""


OFFER = ("offer.", "links.offer")
"""How the values begin that only a text has which names an offer."""
KNOWN: Mapping[str, str] = {
    "guest.greeting": "the greeting, by language and known title; never missing",
    "guest.name": "the whole name, by language",
    "property.name": "the property the message is about",
    "property.contact": "how to reach that property",
    "sender.brand": "the name guests know",
    "sender.legal_entity": "who answers for the message",
    "sender.postal_address": "where it sits",
    "sender.contact": "how to reach it",
    "links.unsubscribe": "the way out of this kind of message",
    "links.survey": "this guest's survey of this stay",
    "links.confirm": "where this guest confirms a consent; in the text that asks for it, and in no other",
    "offer.name": "what the offer is called; in a text that names an offer, as all of these",
    "offer.worth": "what it is worth: per cents, an amount of money, or a gift",
    "offer.terms": "its terms",
    "offer.valid_until": "its last day",
    "offer.code": "this guest's code",
    "links.offer": "this guest's page of the offer: its terms, the code as text and as pictures",
    "links.offer_qr": "the code as a QR picture",
    "links.offer_barcode": "the code as a barcode picture",
}


def message_values(
    person: Person,
    language: str,
    *,
    sender: Identity,
    hotel: Hotel | None,
    links: Links,
    offer: OfferWords | None = None,
) -> dict[str, Any]:
    """What a text is filled with. A value that is not known is absent, so that it is missed by name."""
    parts = {
        "guest": guest_words(person, language),
        "property": vars(hotel) if hotel else {},
        "sender": vars(sender),
        "links": vars(links),
    }
    if offer:
        parts["offer"] = vars(offer)
    return {name: {key: value for key, value in part.items() if value} for name, part in parts.items()}
