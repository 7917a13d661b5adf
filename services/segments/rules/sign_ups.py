"""Signing up: what a form offers, in which words, and what of a sign-up differs from what is known of the guest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from services.segments.rules.people.guests import Guest
from shared.vocabulary.channel import WITH_POINTS, Channel, ContactKind
from shared.vocabulary.sign_up import Box, Difference

SPAN = timedelta(minutes=10)
MOST_FROM_A_NETWORK = 200
"""Sign-ups by one form within the span: a house's guests come from its one network, and a conference scans at once."""
MOST_OF_A_FORM = 1000
MOST_OF_A_POINT = 5
"""Sign-ups with one address or number a day: more are answered as any other, and not kept."""
OLD_ENOUGH = 16  # years: the highest age of consent to an offer made online that a country asks for
TEXTS = ("title", "intro", "thanks", "privacy", "imprint")  # of a language, beside the words of each box


@dataclass(frozen=True)
class Wording:
    """One version of a form: what it offers, and by language the words of each part (`TEXTS` and the boxes)."""

    boxes: tuple[Box, ...]
    asks_birth_date: bool
    texts: Mapping[str, Mapping[str, str]]

    def document(self) -> dict[str, Any]:
        return {
            "boxes": [str(box) for box in self.boxes],
            "asks_birth_date": self.asks_birth_date,
            "texts": {tag: dict(theirs) for tag, theirs in self.texts.items()},
        }

    def nearest(self, tag: str) -> str:
        """The language of ours that is read where `tag` was asked for."""
        return tag if tag in self.texts else next(iter(self.texts))


def wording_of(document: Mapping[str, Any]) -> Wording:
    boxes = tuple(Box(box) for box in document["boxes"])
    return Wording(boxes, document["asks_birth_date"], document["texts"])


@dataclass(frozen=True)
class Typed:
    """Who somebody says they are. `email`, `phone`: cleaned."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    email: str = ""
    phone: str = ""

    @property
    def contacts(self) -> tuple[tuple[Channel, str], ...]:
        """By channel that keeps contact points what was typed for it."""
        by_kind = {ContactKind.ADDRESS: self.email, ContactKind.NUMBER: self.phone}
        return tuple((channel, by_kind[channel.contact]) for channel in WITH_POINTS)


@dataclass(frozen=True)
class Rate:
    """What came by a form since `since`, this one with it."""

    since: datetime
    from_network: int
    by_form: int

    def busy_for(self, at: datetime) -> int:
        """Seconds until it may be sent again; 0 where it may be kept now."""
        if self.from_network <= MOST_FROM_A_NETWORK and self.by_form <= MOST_OF_A_FORM:
            return 0
        return ceil((self.since + SPAN - at).total_seconds())


def is_old_enough(born: date, today: date) -> bool:
    return born.year + OLD_ENOUGH + ((today.month, today.day) < (born.month, born.day)) <= today.year


def differences(known: Guest, typed: Typed, strange: Collection[Channel]) -> list[Difference]:
    """`strange`: the channels whose typed address or number is not the guest's."""
    found = []
    if (typed.given_name, typed.family_name) != (known.given_name, known.family_name):
        found.append(Difference.NAME)
    if typed.birth_date and typed.birth_date != known.birth_date:
        found.append(Difference.BIRTH_DATE)
    kinds = {channel.contact for channel in strange}
    found += [Difference.EMAIL] if ContactKind.ADDRESS in kinds else []
    found += [Difference.PHONE] if ContactKind.NUMBER in kinds else []
    return found
