"""Parts of reservation numbers, phone numbers and e-mail addresses, by which a guest is found.

Of a reservation number any four characters in a row or more are found, of a phone number its last four digits or more,
of an e-mail address the beginning of each of its words, from four letters on. Pieces of a few lengths are enough, since
whoever is found is compared in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.segments.rules.people.names import fold
from services.segments.rules.search.spellings import longest_of, piece

IN_A_ROW = 4  # characters of a reservation number
LAST = 32  # of a reservation number so many characters are looked at
ENDINGS = (4, 6, 8)  # digits of a phone number
BEGINNINGS = (4, 6, 8, 10, 12)  # letters of a word of an address
APART = re.compile(r"[^\w]+|_+")
NO_DIGITS = re.compile(r"\D+")
OF_EVERYBODY = frozenset({
    "gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "ymail", "icloud", "me", "mac", "aol", "gmx",
    "web", "mail", "proton", "protonmail", "yandex", "qq", "163", "126", "sina", "foxmail", "yeah", "naver", "orange",
    "free", "wanadoo", "libero", "sapo", "btinternet", "comcast", "docomo", "ezweb", "softbank", "t-online",
})  # fmt: skip
"""Mail houses: to be with one tells nothing, and as the most frequent piece it would be known in the index by that."""


def plain_number(text: str) -> str:
    """A reservation number without what it is written apart by."""
    return "".join(c for c in fold(text) if c.isalnum())[-LAST:]


def pieces_of_number(number: str) -> Iterator[str]:
    """Of a plain number of a reservation."""
    if len(number) < IN_A_ROW:
        yield number
    for place in range(len(number) - IN_A_ROW + 1):
        yield number[place : place + IN_A_ROW]


def digits_of(text: str) -> str:
    return NO_DIGITS.sub("", text)


def endings_of(phone: str) -> Iterator[str]:
    digits = digits_of(phone)
    yield from (digits[-length:] for length in ENDINGS if length <= len(digits))


def ending_in(digits: str) -> str | None:
    """The piece by which the last digits of a number are looked up; None where they are too few."""
    return digits[-longest_of(ENDINGS, digits) :] if len(digits) >= ENDINGS[0] else None


def beginnings_of(email: str) -> set[str]:
    """The beginnings of the words of an address; a short word is its own."""
    name, _, domain = email.casefold().rpartition("@")
    words = [*_apart(name), *_named(domain.split(".")[:-1])]
    return {word[:letters] for word in words for letters in BEGINNINGS if letters <= max(len(word), BEGINNINGS[0])}


def beginnings_in(text: str) -> list[str]:
    """The pieces by which a part of an address is looked up: none where it has nothing to tell."""
    name, at, domain = text.casefold().partition("@")
    if not at:
        return [_beginning(word) for word in _apart(name) if len(word) >= BEGINNINGS[0]]
    labels = domain.split(".")
    told = [word for word in _named(labels[:-1] or labels) if len(word) >= BEGINNINGS[0]]
    return [_beginning(word) for word in (*_apart(name), *told)]


def _beginning(word: str) -> str:
    return word[: longest_of(BEGINNINGS, word)] if len(word) >= BEGINNINGS[0] else word


def hotel_piece(code: str) -> int:
    """What stands for a hotel: whoever sees a few hotels looks no further."""
    return piece("@", code)


def _apart(text: str) -> list[str]:
    return [word for word in APART.split(text) if word]


def _named(labels: list[str]) -> list[str]:
    return [word for label in labels if label not in OF_EVERYBODY for word in _apart(label)]
