"""What the gate needs beside the database: settings, texts, calendar, numbers. Made once, kept by the sender role."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from services.messaging.commands.sending.calendar import Calendar
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.config import Config
from services.messaging.library.shelf import Shelf
from services.messaging.tables import zones_of
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.crypto.signing import LinkSigner
from shared.database.pool import Tx

MOST_NUMBERS = 50_000


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """`zones`: those its area code leaves open; none where it tells nothing."""

    country: str | None
    zones: tuple[str, ...] = ()


class Numbers:
    """Where a number is, by its E.164 prefix and its area code. A number is opened once for it."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring
        self._places: dict[str, NumberPlace] = {}

    def place_of(self, point: str, address: Sealed) -> NumberPlace:
        if point not in self._places:
            if len(self._places) >= MOST_NUMBERS:
                self._places.clear()
            self._places[point] = _place(self._keyring.open(address, Sealing.CONTACT))
        return self._places[point]


def _place(number: str) -> NumberPlace:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return NumberPlace(None)
    country = phonenumbers.region_code_for_number(parsed)
    country = country or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if country is None or len(zones_of(country)) < 2:
        return NumberPlace(country)
    from phonenumbers.timezone import time_zones_for_number  # its tables are large: only where they decide anything

    return NumberPlace(country, tuple(time_zones_for_number(parsed)))


class GateContext:
    """Belongs to one sender role."""

    def __init__(self, config: Config, keyring: KeyRing) -> None:
        self.config, self.keyring = config, keyring
        self.calendar, self.numbers = Calendar(), Numbers(keyring)
        self._shelf, self._signer = Shelf(), LinkSigner.of(keyring)

    def words(self, tx: Tx) -> MessageTexts:
        """The texts as published now."""
        return MessageTexts(self._shelf.library(tx), self._signer, self.config.origin, self.keyring)
