"""A guest's name as pages show it."""

from __future__ import annotations

from services.messaging.wording.names import Person, guest_words


def whole_name(given_name: str, family_name: str, language: str) -> str:
    """«» where none is known."""
    return guest_words(Person(given_name, family_name), language).get("name", "")
