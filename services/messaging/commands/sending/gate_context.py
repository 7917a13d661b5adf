"""What the gate needs beside the database: settings, texts, calendar, numbers. Made once, kept by the sender role."""

from __future__ import annotations

from collections.abc import Mapping

import phonenumbers

from services.messaging.commands.sending.calendar import Calendar
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.config import Config
from services.messaging.library.shelf import Shelf
from services.messaging.rules.facts import Property
from services.messaging.store.links import link_choices
from services.messaging.wording.links import LinkMaker
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.crypto.short_links import ShortLinkSigner
from shared.crypto.signing import LinkSigner
from shared.database.pool import Tx

MOST_NUMBERS = 50_000


class Numbers:
    """The country of a number, by its E.164 prefix. A number is opened once for it."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._countries: dict[str, str | None] = {}

    def country_of(self, point: str, address: Sealed) -> str | None:
        if point not in self._countries:
            if len(self._countries) >= MOST_NUMBERS:
                self._countries.clear()
            self._countries[point] = _country(self._keyring.open(address, Sealing.CONTACT))
        return self._countries[point]


def _country(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    exact = phonenumbers.region_code_for_number(parsed)
    return exact or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


class GateContext:
    """Belongs to one sender role."""

    def __init__(self, config: Config, keyring: KeyRing) -> None:
        self.config, self.keyring = config, keyring
        self.calendar, self.numbers = Calendar(), Numbers(keyring)
        self.code_marks: dict[tuple[str, bool], int] = {}  # by offer and direction, how far its codes were taken
        self._shelf, self._signer = Shelf(), LinkSigner.of(keyring)
        self._links = LinkMaker(config.link_origin, ShortLinkSigner(keyring))

    def words(self, tx: Tx, hotels: Mapping[str, Property]) -> MessageTexts:
        """The texts as published now. `hotels`: those of this claim, by code."""
        library, choices = self._shelf.library(tx), link_choices(tx)
        return MessageTexts(library, self._signer, self.config.origin, self.keyring, self._links, choices, hotels)
