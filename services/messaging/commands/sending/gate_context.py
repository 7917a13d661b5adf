"""What the gate needs beside the database: settings, texts, calendar, numbers. Made once, kept by the sender role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers

from services.messaging.commands.sending.calendar import Calendar
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.config import Config
from services.messaging.library.shelf import Shelf
from services.messaging.queries.journeys import journey_names
from services.messaging.rules.facts import Property
from services.messaging.rules.serving import NOBODY
from services.messaging.store.links import link_choices
from services.messaging.tables import zones_of
from services.messaging.wording.links import LinkMaker
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.crypto.short_links import ShortLinkSigner
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
        self.serving = NOBODY  # of the house's own senders, as the role last looked
        self.code_marks: dict[tuple[str, bool], int] = {}  # by offer and direction, how far its codes were taken
        self._shelf, self._signer = Shelf(), LinkSigner.of(keyring)
        self._links = LinkMaker(config.link_origin, ShortLinkSigner(keyring))

    def words(self, tx: Tx, hotels: Mapping[str, Property]) -> MessageTexts:
        """The texts as published now. `hotels`: those of this claim, by code."""
        library, choices, journeys = self._shelf.library(tx), link_choices(tx), journey_names(tx)
        return MessageTexts(
            library, self._signer, self.config.origin, self.keyring, self._links, choices, hotels, journeys
        )
