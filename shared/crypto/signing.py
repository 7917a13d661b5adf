"""Links that prove themselves: what they are for and which message they belong to, signed.

A token carries no personal data and never expires by itself (a way out must work for as long as the mail is kept).
One made for a purpose opens nothing else: a survey's link unsubscribes nobody.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, Signer

from shared.crypto.begun import BegunHmac
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing
from shared.errors import GuestloopError

IN_URLS = bytes.maketrans(b"+/", b"-_")  # of base64; `base64.urlsafe_b64encode` takes twice as long


class BadLink(GuestloopError):
    """This link is not complete. Please open it from the message again, or answer the message."""


class LinkSigner:
    """Signs and reads tokens of 66 characters, fit for a URL. The same purpose and message give the same token."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """The first secret signs, all of them prove: a link in a mail outlives the key that signed it."""
        self._secrets = list(secrets)
        self._signers: dict[str, list[Signer]] = {}
        self._keys: dict[str, BegunHmac] = {}

    @classmethod
    def of(cls, keyring: KeyRing, keys: Signing = Signing.LINKS) -> LinkSigner:
        """The signer that every service shares whose key ring has these keys."""
        return cls(keyring.signing_keys(keys))

    def sign(self, purpose: str, message_id: UUID) -> str:
        return _signed(self._key(purpose), message_id)

    @property
    def mark(self) -> bytes:
        """By which the key that signs is known later: four bytes, which do not tell it."""
        return _mark(self._secrets[0])

    def signed_with(self, mark: bytes, purpose: str, message_id: UUID) -> str | None:
        """As the key of this mark signs; None where it is no longer in the ring."""
        for secret, signer in zip(self._secrets, self._of(purpose), strict=True):
            if _mark(secret) == mark:
                return _signed(BegunHmac(signer.derive_key()), message_id)
        return None

    def read(self, purpose: str, token: str) -> UUID:
        """The message a token belongs to; BadLink where it was not signed for this purpose, or is spelt otherwise: the
        last letter of base64 has bits that nobody reads."""
        for signer in self._of(purpose):
            with suppress(BadSignature, UnicodeError, binascii.Error, ValueError):
                message_id = UUID(bytes=base64.urlsafe_b64decode(signer.unsign(token.encode()) + b"=="))
                if _signed(BegunHmac(signer.derive_key()), message_id) == token:
                    return message_id
        raise BadLink()

    def _key(self, purpose: str) -> BegunHmac:
        """A signer derives its key anew for each signature; a campaign signs thousands for one purpose."""
        if purpose not in self._keys:
            self._keys[purpose] = BegunHmac(self._of(purpose)[0].derive_key())
        return self._keys[purpose]

    def _of(self, purpose: str) -> list[Signer]:
        if purpose not in self._signers:
            self._signers[purpose] = [
                Signer(secret, salt=f"guestloop link {purpose}", key_derivation="hmac", digest_method=sha256)
                for secret in self._secrets
            ]
        return self._signers[purpose]


def _mark(secret: bytes) -> bytes:
    return sha256(b"guestloop link mark" + secret).digest()[:4]


def _signed(key: BegunHmac, message_id: UUID) -> str:
    packed = binascii.b2a_base64(message_id.bytes, newline=False).translate(IN_URLS, b"=")
    signature = binascii.b2a_base64(key.digest(packed), newline=False).translate(IN_URLS, b"=")
    return (packed + b"." + signature).decode("ascii")
