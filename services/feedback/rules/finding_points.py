"""The pieces of a number or address by which a conversation is found: last digits, beginnings of words.

Each length is a piece of its own, so that whatever is asked for is found by equality; nothing is opened to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.vocabulary.channel import Channel, ContactKind

ENDINGS = range(4, 11)  # digits of a number
BEGINNINGS = range(4, 13)  # letters of a word of an address
NUMBER, ADDRESS = "sms_part", "email_part"
"""What a piece is of, as the key ring knows it."""
NO_DIGITS = re.compile(r"\D+")
APART = re.compile(r"[^\w]+|_+")
WRITTEN_AS_NUMBER = re.compile(r"[+\d\s()./-]+")

Piece = tuple[str, str]


def pieces_of(channel: Channel, sender: str) -> Iterator[Piece]:
    """Of where somebody wrote from."""
    if channel.contact is ContactKind.NUMBER:
        digits = NO_DIGITS.sub("", sender)
        yield from ((NUMBER, digits[-length:]) for length in ENDINGS if length <= len(digits))
        return
    for word in _words(sender):
        yield from ((ADDRESS, word[:letters]) for letters in BEGINNINGS if letters <= len(word))


def ways_in(sought: str) -> list[list[Piece]]:
    """What may be meant, each way as pieces that are all in what is found; none where it is too short to tell anything.
    A number may be written with the zero that is dialled before it at home.
    """
    if WRITTEN_AS_NUMBER.fullmatch(sought):
        digits = NO_DIGITS.sub("", sought)
        endings = {one[-ENDINGS[-1] :] for one in (digits, digits.lstrip("0")) if len(one) >= ENDINGS[0]}
        return [[(NUMBER, ending)] for ending in sorted(endings)]
    words = [word for word in _words(sought) if len(word) >= BEGINNINGS[0]]
    return [[(ADDRESS, word[: BEGINNINGS[-1]]) for word in words]] if words else []


def _words(address: str) -> list[str]:
    """Of the name and the domain, without its end."""
    name, at, domain = address.casefold().partition("@")
    labels = domain.split(".")
    kept = (labels[:-1] or labels) if at else []
    return [word for part in (name, *kept) for word in APART.split(part) if word]
