"""Parts of reservation numbers, phone numbers and e-mail addresses, by which a guest is found.

Of a reservation number any four characters in a row or more are found, of a phone number its last four digits or more,
of an e-mail address the beginning of each of its words. What is longer than the longest piece is found by a piece, and
then compared in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.segments.rules.names import fold
from services.segments.rules.search.spellings import piece

SHORTEST, LONGEST = 4, 6  # characters of a reservation number that are one piece
LAST = 32  # of a reservation number so many characters are looked at
ENDING, LONGEST_ENDING = 4, 8  # digits of a phone number
BEGINNING, LONGEST_BEGINNING = 3, 12  # letters of a word of an address
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
    if len(number) < SHORTEST:
        yield number
    for length in range(SHORTEST, LONGEST + 1):
        for place in range(len(number) - length + 1):
            yield number[place : place + length]


def piece_in_number(text: str) -> str:
    """The piece by which a part of a plain number is looked up."""
    return text[-LONGEST:]


def digits_of(text: str) -> str:
    return NO_DIGITS.sub("", text)


def endings_of(phone: str) -> Iterator[str]:
    digits = digits_of(phone)
    for length in range(ENDING, min(LONGEST_ENDING, len(digits)) + 1):
        yield digits[-length:]


def ending_in(digits: str) -> str | None:
    """The piece by which the last digits of a number are looked up; None where they are too few."""
    return digits[-LONGEST_ENDING:] if len(digits) >= ENDING else None


def beginnings_of(email: str) -> set[str]:
    """The whole words of an address, and their beginnings."""
    name, _, domain = email.casefold().rpartition("@")
    words = [*_apart(name), *_named(domain.split(".")[:-1])]
    return {word[:letters] for word in words for letters in (*range(BEGINNING, LONGEST_BEGINNING), LONGEST_BEGINNING)}


def beginnings_in(text: str) -> list[str]:
    """The pieces by which a part of an address is looked up: none where it has nothing to tell."""
    name, at, domain = text.casefold().partition("@")
    if not at:
        return [word[:LONGEST_BEGINNING] for word in _apart(name) if len(word) >= BEGINNING]
    labels = domain.split(".")
    told = [word for word in _named(labels[:-1] or labels) if len(word) >= BEGINNING]
    return [word[:LONGEST_BEGINNING] for word in (*_apart(name), *told)]


def hotel_piece(code: str) -> int:
    """What stands for a hotel: whoever sees a few hotels looks no further."""
    return piece("@", code)


def _apart(text: str) -> list[str]:
    return [word for word in APART.split(text) if word]


def _named(labels: list[str]) -> list[str]:
    return [word for label in labels if label not in OF_EVERYBODY for word in _apart(label)]
