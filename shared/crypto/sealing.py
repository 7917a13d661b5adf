"""Contact points and free text are sealed (AES-GCM, with a key id) where they rest and where they travel.

A sealed value is made once and handed on as it is: events carry it, tables keep it, and only who sends or shows the
text opens it. Look-up goes by the blind index, an HMAC of the normalised value under a key of its own.
"""

from __future__ import annotations

import base64
import hmac
import os
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import GuestloopError, SettingError

Sealed = NewType("Sealed", str)
PREFIX = "sealed:"


class CannotOpen(GuestloopError):
    """A sealed value was made with a key that this key ring does not hold, or was altered."""


class KeyRing:
    """Sealing keys by id (the first one seals, all of them open) and the key of the blind index.

    Keys are 32 bytes each. `KeyRing.parse` reads the text form kept in a setting or a file:
    `index=<base64>,k2=<base64>,k1=<base64>`.
    """

    def __init__(self, keys: dict[str, bytes], index_key: bytes) -> None:
        if not keys or any(len(key) != 32 for key in [*keys.values(), index_key]):
            raise SettingError("a key ring needs an index key and at least one sealing key of 32 bytes each")
        self._sealers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = next(iter(keys))
        self._indexer = hmac.new(index_key, digestmod="sha256")

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        try:
            pairs = [part.split("=", 1) for part in text.strip().split(",")]
            keys = {name.strip(): base64.b64decode(value, validate=True) for name, value in pairs}
            index_key = keys.pop("index")
        except (ValueError, KeyError) as error:
            raise SettingError("a key ring reads index=<base64>,<key id>=<base64>[,…]") from error
        return cls(keys, index_key)

    @staticmethod
    def fresh() -> str:
        """The text form of a new key ring."""
        return ",".join(f"{name}={base64.b64encode(os.urandom(32)).decode()}" for name in ("index", "k1"))

    def seal(self, plain: str) -> Sealed:
        nonce = os.urandom(12)
        box = nonce + self._sealers[self._current].encrypt(nonce, plain.encode(), None)
        return Sealed(f"{PREFIX}{self._current}:{base64.b64encode(box).decode()}")

    def open(self, sealed: Sealed) -> str:
        try:
            _, key_id, text = sealed.split(":", 2)
            box = base64.b64decode(text)
            return self._sealers[key_id].decrypt(box[:12], box[12:], None).decode()
        except (ValueError, KeyError, InvalidTag) as error:
            raise CannotOpen() from error

    def index(self, kind: str, normalised: str) -> str:
        """The blind index of a normalised value: 64 hex digits, the same for the same kind and value."""
        indexer = self._indexer.copy()
        indexer.update(f"{kind}\x1f{normalised}".encode())
        return indexer.hexdigest()
