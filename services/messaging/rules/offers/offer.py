"""An offer: its name and terms by language, what it is worth, from when until when, in which hotels and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from shared.vocabulary.offer import OfferKind, OfferState, WorthKind

ByLanguage = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Worth:
    """`number`: of per cents or of money; `gift`: in words, by language."""

    kind: WorthKind
    number: Decimal | None = None
    currency: str | None = None
    gift: ByLanguage | None = None


@dataclass(frozen=True, kw_only=True)
class Partner:
    """Whose offer it is, where it is not the house's own. `colour`: #rrggbb, on which white can be read; `logo`: a file
    of the library of pictures; both empty where it has none."""

    name: str
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """`hotels`: where it may be used, empty for all. `word`: of an offer by one word. `uses`: how often a guest's
    friends may use one code of a referral."""

    key: str
    state: OfferState
    kind: OfferKind
    name: ByLanguage
    terms: ByLanguage
    worth: Worth
    begins_on: date | None = None
    ends_on: date | None = None
    hotels: frozenset[str] = frozenset()
    partner: Partner | None = None
    word: str | None = None
    uses: int = 1

    def is_over(self, now: datetime, zone: str) -> bool:
        """Its last day, where it is used, has passed."""
        return self.ends_on is not None and now.astimezone(ZoneInfo(zone)).date() > self.ends_on

    def is_early(self, now: datetime, zone: str) -> bool:
        return self.begins_on is not None and now.astimezone(ZoneInfo(zone)).date() < self.begins_on

    def is_made(self, now: datetime, zone: str) -> bool:
        """It may stand in a message now: one that begins later is announced."""
        return self.state is OfferState.LIVE and not self.is_over(now, zone)

    def holds_in(self, hotel: str) -> bool:
        return not self.hotels or hotel in self.hotels


def offer_of(key: str, state: str, kind: str, document: Mapping[str, Any]) -> Offer:
    """An offer as it is kept. Its document has passed `schemas`."""
    worth = document["worth"]
    return Offer(
        key=key,
        state=OfferState(state),
        kind=OfferKind(kind),
        name=document["name"],
        terms=document["terms"],
        worth=Worth(
            kind=WorthKind(worth["kind"]),
            number=Decimal(worth["number"]) if worth.get("number") else None,
            currency=worth.get("currency"),
            gift=worth.get("gift"),
        ),
        begins_on=_day(document.get("begins_on")),
        ends_on=_day(document.get("ends_on")),
        hotels=frozenset(document.get("hotels") or ()),
        partner=_partner(document),
        word=document.get("word"),
        uses=document.get("uses") or 1,
    )


def _partner(document: Mapping[str, Any]) -> Partner | None:
    name = document.get("brand")
    return Partner(name=name, colour=document.get("colour") or "", logo=document.get("logo") or "") if name else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
