"""Contact points and free text are sealed (AES-GCM, with a key id) where they rest and where they travel.

A sealed value is made once and handed on as it is: events carry it, tables keep it, and only who sends or shows the
text opens it. It is sealed for a purpose, with that purpose's key and name, and opens for no other. Look-up goes by the
blind index, an HMAC of the normalised value under a key of its own.

Two forms of a sealed value: `sealed:2:<key id>:<base64>`, and `sealed:<key id>:<base64>`, which knows no purpose and is
opened for as long as its key is in the ring.
"""

from __future__ import annotations

import base64
import hmac
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Collection, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import NewType, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.crypto.begun import BegunHmac
from shared.crypto.erasure import ErasureKeys
from shared.crypto.purposes import KINDS, PURPOSES, Hashing, Indexing, KeyPurpose, Sealing, Signing, purposes_of
from shared.errors import GuestloopError, SettingError

Sealed = NewType("Sealed", str)
T = TypeVar("T")
PREFIX = "sealed:"
OF_A_PURPOSE = f"{PREFIX}2:"
INDEX = "index"
URL_SAFE = bytes.maketrans(b"+/", b"-_")
LINKS_OF_INDEX = "links.0"  # what is left of `index` once it was retired


class CannotOpen(GuestloopError):
    """A sealed value was made for another purpose or with a key that this key ring does not hold, or was altered."""


class KeyRing:
    """Keys of 32 bytes by name, in the order of the ring. Of each purpose the first one seals, indexes or signs; all of
    them open, find and prove.

    `contact.2` is the second key of the purpose `contact`. The rings of earlier versions know two other names, which
    serve every purpose: `k1` (`k2`, …) for sealing, and `index` for index and signing.
    """

    def __init__(self, keys: Mapping[str, bytes], purposes: Collection[KeyPurpose] = PURPOSES) -> None:
        if not keys or any(len(key) != 32 for key in keys.values()):
            raise SettingError("a key ring needs keys of 32 bytes each")
        self._keys, self.purposes = dict(keys), frozenset(purposes)
        self._sealers = {one: {name: AESGCM(key) for name, key in self._of(one).items()} for one in Sealing}
        self._bound = {one: f"guestloop {one}".encode() for one in Sealing}
        self._roots = {name: AESGCM(key) for name, key in keys.items() if _is_root(name)}
        self._index_keys = {one: self._of(one) for one in Indexing}
        self._indexers = {
            one: {name: BegunHmac(key) for name, key in keys.items()} for one, keys in self._index_keys.items()
        }

    @classmethod
    def parse(cls, *texts: str) -> KeyRing:
        """Reads the text form kept in settings and files: `contact.2=<base64>,contact.1=<base64>,words.1=…`."""
        try:
            pairs = [part.split("=", 1) for text in texts if text.strip() for part in text.strip().split(",")]
            keys = {name.strip(): base64.b64decode(value, validate=True) for name, value in pairs}
        except ValueError as error:
            raise SettingError("a key ring reads <key name>=<base64>[,…]") from error
        return cls(keys)

    @staticmethod
    def fresh(purposes: Collection[KeyPurpose] = PURPOSES) -> str:
        """The text form of a new key ring with one key a purpose."""
        return ",".join(f"{one}.1={base64.b64encode(os.urandom(32)).decode()}" for one in purposes)

    def held_by(self, service: str) -> KeyRing:
        """What a service needs of this ring."""
        return KeyRing(self._keys, self.purposes & purposes_of(service))

    def text(self) -> str:
        """The text form of the keys that serve this ring's purposes."""
        served = {name for purpose in self.purposes for name in self.names(purpose)}
        kept = {name: key for name, key in self._keys.items() if name in served}
        return ",".join(f"{name}={base64.b64encode(key).decode()}" for name, key in kept.items())

    def missing(self) -> list[KeyPurpose]:
        """The purposes that this ring is for and has no key of."""
        return [one for one in PURPOSES if one in self.purposes and not self._of(one)]

    def seal(self, plain: str, purpose: Sealing) -> Sealed:
        return self.seal_bytes(plain.encode(), purpose)

    def seal_bytes(self, plain: bytes, purpose: Sealing) -> Sealed:
        name, sealer = _first(self._sealers[purpose], purpose)
        nonce = os.urandom(12)
        box = nonce + sealer.encrypt(nonce, plain, self._bound[purpose])
        return Sealed(f"{OF_A_PURPOSE}{name}:{b2a_base64(box, newline=False).decode()}")

    def open(self, sealed: Sealed, purpose: Sealing) -> str:
        """Raises `CannotOpen`, which never repeats the value."""
        try:
            return self.open_bytes(sealed, purpose).decode()
        except UnicodeDecodeError as error:
            raise CannotOpen() from error

    def open_bytes(self, sealed: Sealed, purpose: Sealing) -> bytes:
        """The same, of what is no text. Raises `CannotOpen`."""
        try:
            start, _, text = sealed.rpartition(":")
            box = a2b_base64(text)
            if start.startswith(OF_A_PURPOSE):
                sealer = self._sealers[purpose][start.removeprefix(OF_A_PURPOSE)]
                return sealer.decrypt(box[:12], box[12:], self._bound[purpose])
            if start.startswith(PREFIX) and purpose in self.purposes:
                return self._roots[start.removeprefix(PREFIX)].decrypt(box[:12], box[12:], None)
        except (ValueError, KeyError, InvalidTag) as error:
            raise CannotOpen() from error
        raise CannotOpen()

    def index(self, kind: str, normalised: str) -> str:
        """The blind index of a normalised value under the first key, the same for the same kind and value."""
        name, indexer = _first(self._indexers[KINDS[kind]], KINDS[kind])
        return _indexed(name, indexer, kind, normalised)

    def indexes(self, kind: str, normalised: str) -> list[str]:
        """The blind indexes of a normalised value under every key, that of the first key first: a row made before a
        turn of the key is found by one of the others.
        """
        return [_indexed(name, one, kind, normalised) for name, one in self._indexers[KINDS[kind]].items()]

    def piece(self, kind: str, part: str) -> int:
        """32 bits, signed, that stand for a part of a value, under the first key. Many parts share them: what is found
        by a piece is opened and compared.
        """
        _, key = _first(self._index_keys[KINDS[kind]], KINDS[kind])
        return _piece(key, kind, part)

    def pieces(self, kind: str, part: str) -> list[int]:
        """The same under every key, that of the first key first."""
        return [_piece(key, kind, part) for key in self._index_keys[KINDS[kind]].values()]

    def is_turning(self, index: Indexing) -> bool:
        """Whether values of this index may rest under several keys."""
        return len(self._indexers[index]) > 1

    def is_newest(self, index: Indexing, value: str) -> bool:
        """Whether a value was indexed under the key in use."""
        name, _ = _first(self._indexers[index], index)
        return ":" not in value if name == INDEX else value.startswith(f"{name}:")

    def signing_keys(self, purpose: Signing) -> list[bytes]:
        """The first one signs, all of them prove."""
        if not (found := self._of(purpose)):
            raise SettingError(f"the key ring has no key of the purpose «{purpose}»")
        return list(found.values())

    @cached_property
    def erasure(self) -> ErasureKeys:
        return ErasureKeys(self._of(Hashing.ERASURE))

    def names(self, purpose: KeyPurpose) -> list[str]:
        """The names of the keys that serve a purpose, the one in use first."""
        return list(self._of(purpose))

    def _of(self, purpose: KeyPurpose) -> dict[str, bytes]:
        """The keys that serve a purpose, in the order of the ring."""
        if purpose not in self.purposes:
            return {}
        served = ((name, _serving(name, key, purpose)) for name, key in self._keys.items())
        return {name: key for name, key in served if key}


def _is_root(name: str) -> bool:
    return "." not in name and name != INDEX


def _serving(name: str, key: bytes, purpose: KeyPurpose) -> bytes | None:
    """The key of a purpose that a named key is or gives; None where it serves others."""
    if name.rpartition(".")[0] == purpose:
        return key.hex().encode() if name == LINKS_OF_INDEX else key
    if isinstance(purpose, Sealing) and _is_root(name):
        return HKDF(SHA256(), 32, salt=None, info=f"guestloop seal {purpose}".encode()).derive(key)
    if isinstance(purpose, Indexing) and name == INDEX:
        return key  # the kind is hashed with each value, and every value there is was made so
    if isinstance(purpose, Signing) and name == INDEX:
        return hmac.digest(key, f"signing\x1f{purpose}".encode(), "sha256").hex().encode()
    return None


def _first(keys: Mapping[str, T], purpose: KeyPurpose) -> tuple[str, T]:
    for name, key in keys.items():
        return name, key
    raise SettingError(f"the key ring has no key of the purpose «{purpose}»")


def _piece(key: bytes, kind: str, part: str) -> int:
    """By keyed BLAKE2, which is made for short hashes and takes a fifth of the time."""
    found = blake2b(f"{kind}\x1f{part}".encode(), digest_size=4, key=key, person=b"guestloop piece")
    return int.from_bytes(found.digest(), "big", signed=True)


def _indexed(name: str, indexer: BegunHmac, kind: str, normalised: str) -> str:
    """64 hex digits under `index`; under any other key its name, a colon and 43 letters of base64."""
    found = indexer.digest(f"{kind}\x1f{normalised}".encode())
    if name == INDEX:
        return found.hex()
    return f"{name}:{b2a_base64(found, newline=False).translate(URL_SAFE)[:43].decode()}"
