"""A hotel, a guest and a little template, for the tests of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.messaging.wording.message_values import message_values
from services.messaging.wording.names import Person
from services.messaging.wording.values import Hotel, Identity, Links, OfferWords

LANGUAGES = ("de", "en", "es", "fr", "pt", "zh-Hans")
SENDER = Identity(
    "Alfama Hotels",
    "Alfama Hotels, Lda.",
    "Rua das Escolas 1, 1100-001 Lisboa",
    "hello@alfama.example",
    "https://go.alfama.example/p/",
)
HOTEL = Hotel("Casa Alfama", "casa@alfama.example")
LINKS = Links(*(f"https://go.alfama.example/{kind}/token" for kind in "uscoqb"))
OFFER = OfferWords("Winter by the river", "15%", "Once a stay.", "31 December 2016", "7KGM-XW4P-9TCA")
ANNA = Person("Anna", "Müller", "Frau")


def values(language: str = "en", person: Person = ANNA, **changes: Any) -> Mapping[str, Any]:
    parts: dict[str, Any] = {"sender": SENDER, "hotel": HOTEL, "links": LINKS, "offer": OFFER} | changes
    return dict(message_values(person, language, **parts))


def document(**mail: Any) -> dict[str, Any]:
    """A sound little template, with what a test wants changed in its English mail."""
    email = {"subject": "A word", "body": ["{{ guest.greeting }},", "Come and see us."]} | mail
    return {"key": "note", "name": "A note", "purpose": "marketing", "locales": {"en": {"email": email}}}
