"""Tokens of links to be typed into a text message: as short as is safe, because each letter is paid for.

A token is 17 letters and digits for the message and one or two for the number of its link. The first are six bytes of
the message's number, by which it is found, and six of its signature, by which it is proved: of a hundred million
messages hardly two begin alike, and the signature tells those apart. Whoever guesses must hit ninety-six bits at once,
online, and would win a page that was published anyhow. The number is not signed: the links of one message are known to
its reader.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.crypto.begun import BegunHmac
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VALUES = {letter: value for value, letter in enumerate(LETTERS)}
FOUND_BY, PROVED_BY, LENGTH = 6, 6, 17
TOKEN = re.compile(rf"([0-9A-Za-z]{{{LENGTH}}})([1-9A-Za-z][0-9A-Za-z]?)", re.ASCII)
PAIRS = [one + two for one in LETTERS for two in LETTERS]
MOST_LINKS = 61 * 62 + 61


@dataclass(frozen=True, slots=True)
class ShortLink:
    """What a token says: between which numbers its message lies, what must prove it, and which link it is."""

    first: UUID
    last: UUID
    signature: bytes
    number: int


class ShortLinkSigner:
    def __init__(self, keyring: KeyRing) -> None:
        """The first key signs, all of them prove: a link outlives the key that signed it."""
        self._keys = [
            BegunHmac(hmac.digest(key, b"guestloop short link", "sha256"))
            for key in keyring.signing_keys(Signing.LINKS)
        ]

    def of_message(self, message_id: UUID) -> str:
        """What the tokens of all links of a message begin with."""
        packed = message_id.bytes
        rest = int.from_bytes(packed[:FOUND_BY] + _signature(self._keys[0], packed), "big")
        pairs = []
        for _ in range(LENGTH // 2):
            rest, pair = divmod(rest, 3844)
            pairs.append(PAIRS[pair])
        return LETTERS[rest] + "".join(reversed(pairs))

    def proves(self, link: ShortLink, message_id: UUID) -> bool:
        return any(hmac.compare_digest(_signature(key, message_id.bytes), link.signature) for key in self._keys)

    def proved(self, link: ShortLink, candidates: Iterable[UUID]) -> UUID | None:
        return next((one for one in candidates if self.proves(link, one)), None)


def numbered(start: str, number: int) -> str:
    """The token of one link of the message whose tokens begin so."""
    if number <= 61:
        return start + LETTERS[number]
    first, second = divmod(number, 62)
    return start + LETTERS[first] + LETTERS[second]


def read_short_link(token: str) -> ShortLink | None:
    found = TOKEN.fullmatch(token)
    if not found:
        return None
    value = _value(found[1])
    if value >= 1 << 8 * (FOUND_BY + PROVED_BY):
        return None
    packed = value.to_bytes(FOUND_BY + PROVED_BY, "big")
    start, rest = packed[:FOUND_BY], 16 - FOUND_BY
    number = _value(found[2])
    return ShortLink(UUID(bytes=start + b"\0" * rest), UUID(bytes=start + b"\xff" * rest), packed[FOUND_BY:], number)


def _value(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 62 + VALUES[letter]
    return value


def _signature(key: BegunHmac, packed: bytes) -> bytes:
    return key.digest(packed)[:PROVED_BY]
