"""Addresses by which mail about one message comes back: signed, so that nobody can make one for another message.

`back+b<token>@…` is where servers return a mail, `back+r<token>@…` where its reader answers, `back+u<token>@…` where a
mail program asks for no more. A token is 42 letters and digits in lower case: servers fold the case of an address, and
its part before the @ has 64 characters at most. Ten bytes of the signature are kept: who tries must send a mail for
each guess.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.crypto.begun import BegunHmac
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing

SIGNATURE = 10  # bytes
ADDRESS = re.compile(r"([a-z0-9][a-z0-9._-]{0,19})@([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)", re.ASCII)
TOKEN = re.compile(r"\+([bru])([a-z2-7]{42})", re.ASCII)


class WayBack(StrEnum):
    RETURNED = "b"
    REPLY = "r"
    UNSUBSCRIBE = "u"


@dataclass(frozen=True)
class BackTokens:
    """What the addresses of one message are made of."""

    returned: str
    reply: str
    unsubscribe: str


@dataclass(frozen=True)
class BackAddress:
    """Where mail comes back to this installation: the setting `GUESTLOOP_MAIL_BACK`."""

    local: str
    domain: str

    @classmethod
    def read(cls, text: str) -> BackAddress:
        """Raises ValueError with the end of the sentence «… must be …»."""
        found = ADDRESS.fullmatch(text.lower())
        if not found:
            raise ValueError(f"an address of at most twenty characters before the @, without a plus, not «{text}»")
        return cls(found[1], found[2])

    def of(self, token: str) -> str:
        return f"{self.local}+{token}@{self.domain}"

    @property
    def bare(self) -> str:
        """Where providers report complaints: without a token, so only what carries one of ours is taken there."""
        return f"{self.local}@{self.domain}"


class BackSigner:
    def __init__(self, keyring: KeyRing) -> None:
        """The first key signs, all of them prove: a mail outlives the key that signed it."""
        self._keys = [
            {way: BegunHmac(hmac.digest(key, f"guestloop mail {way}".encode(), "sha256")) for way in WayBack}
            for key in keyring.signing_keys(Signing.LINKS)
        ]

    def tokens(self, message_id: UUID) -> BackTokens:
        keys = self._keys[0]
        return BackTokens(*(f"{way}{_signed(keys[way], message_id)}" for way in WayBack))

    def read(self, token: str) -> tuple[WayBack, UUID] | None:
        """The way and the message of `b<token>`, in any case of letters; None for what was not signed here."""
        found = TOKEN.fullmatch(f"+{token.lower()}")
        if not found:
            return None
        way, packed = WayBack(found[1]), found[2]
        message_id = UUID(bytes=base64.b32decode(packed.upper() + "======")[:16])
        for keys in self._keys:
            if hmac.compare_digest(_signed(keys[way], message_id), packed):
                return way, message_id
        return None


def tokens_in(text: str, back: BackAddress) -> list[str]:
    """What stands for a token in addresses of ours in a text, each once."""
    ours = rf"(?<![\w.+-]){re.escape(back.local)}\+([bru][a-z2-7]{{42}})@{re.escape(back.domain)}(?![\w.-])"
    return list(dict.fromkeys(re.findall(ours, text.lower(), re.ASCII)))


def _signed(key: BegunHmac, message_id: UUID) -> str:
    signature = key.digest(message_id.bytes)[:SIGNATURE]
    return base64.b32encode(message_id.bytes + signature).decode().rstrip("=").lower()
