"""Which currency each hotel is paid in, how that is known, and in which one hotels are added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.vocabulary.currency import currency_of, known_codes
from shared.vocabulary.currency_signs import SIGNS
from shared.vocabulary.term import N_, Term

NOT_KNOWN = "XXX"  # ISO 4217: no currency


class Origin(Term):
    """How a hotel's currency is known."""

    SAID = "said", N_("chosen for this hotel")
    STAYS = "stays", N_("not chosen: most of its stays are in it"), "look"
    COUNTRY = "country", N_("not chosen: what its country pays in"), "look"
    UNKNOWN = "unknown", N_("not known"), "bad"


@dataclass(frozen=True)
class HotelMoney:
    code: str
    currency: str
    origin: Origin


@dataclass(frozen=True)
class Currencies:
    """`hotels`: by code. `reporting`: what hotels are added and compared in. `is_chosen`: somebody said so."""

    hotels: Mapping[str, HotelMoney]
    reporting: str
    is_chosen: bool

    def of(self, code: str) -> str:
        """A hotel's currency; `NOT_KNOWN` for a hotel that is not known."""
        found = self.hotels.get(code)
        return found.currency if found else NOT_KNOWN

    def by_hotel(self) -> dict[str, str]:
        """Each hotel's currency by its code, under «» the reporting currency."""
        return {"": self.reporting, **{code: hotel.currency for code, hotel in self.hotels.items()}}

    @property
    def are_several(self) -> bool:
        return len({self.reporting, *(hotel.currency for hotel in self.hotels.values())}) > 1

    def shared_signs(self) -> list[tuple[str, str]]:
        """Each sign that several currencies share, with a hotel's currency that it then means."""
        used = {hotel.currency for hotel in self.hotels.values()}
        return [(sign, code) for sign, codes in SIGNS.items() if len(codes) > 1 for code in codes if code in used]

    def differs(self, property: str, stated: str | None) -> bool:
        """Whether an amount stated in that currency must be converted, into the hotel's or the reporting currency."""
        hotel = self.of(property)
        return hotel != self.reporting or stated not in (None, hotel)


def hotel_money(code: str, country: str, said: str | None, seen: str | None) -> HotelMoney:
    """`said`: in console. `seen`: on most of the hotel's stays, where nothing was said."""
    if said:
        return HotelMoney(code, said, Origin.SAID)
    if seen in known_codes():
        return HotelMoney(code, str(seen), Origin.STAYS)
    if found := currency_of(country):
        return HotelMoney(code, found, Origin.COUNTRY)
    return HotelMoney(code, NOT_KNOWN, Origin.UNKNOWN)


def currencies_of(hotels: Sequence[HotelMoney], chosen: str | None) -> Currencies:
    """`chosen`: the reporting currency somebody chose; else it is the one of most hotels, by name among equals."""
    counted = Counter(hotel.currency for hotel in hotels if hotel.currency != NOT_KNOWN)
    usual = min(counted, key=lambda code: (-counted[code], code), default=NOT_KNOWN)
    return Currencies({hotel.code: hotel for hotel in hotels}, chosen or usual, chosen is not None)
