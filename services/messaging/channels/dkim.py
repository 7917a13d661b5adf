"""DKIM (RFC 6376): a mail is signed by the domain it is from, so that whoever takes it knows that it is ours.

The signature is made of what `email.mime` makes: flat ASCII headers, each at most once, and bodies in ASCII that end
in one CRLF. RSA is done by OpenSSL, and a signature is made while the server works at the mail before it. The same
message gives the same signature.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, runtime_checkable

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

FOLD, BLANKS, WIDTH = re.compile(rb"\r\n(?=[ \t])"), re.compile(rb"[ \t]+"), 72
SIGNED = (
    *(b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type"),
    *(b"content-transfer-encoding", b"content-language", b"auto-submitted", b"in-reply-to", b"references"),
    *(b"list-unsubscribe", b"list-unsubscribe-post"),
)
"""Gmail and Yahoo ask for the last two (RFC 8058)."""
REPLACED = frozenset({b"date", b"message-id"})
"""What some providers write anew."""


@dataclass(frozen=True)
class DomainKey:
    domain: str
    selector: str
    private: RSAPrivateKey = field(repr=False)


class DomainKeys:
    """The keys in use, by domain. Read by many connections, renewed by one role."""

    def __init__(self) -> None:
        self._by_domain: Mapping[str, DomainKey] = {}

    def of(self, address: str) -> DomainKey | None:
        """The key that signs what comes from an address."""
        return self._by_domain.get(address.rpartition("@")[2].lower())

    def __contains__(self, known: tuple[str, str]) -> bool:
        domain, selector = known
        return domain in self._by_domain and self._by_domain[domain].selector == selector

    def renew(self, new: Collection[DomainKey], kept: Collection[str]) -> None:
        """`kept`: domains whose key stays."""
        stays = {domain: key for domain, key in self._by_domain.items() if domain in kept}
        self._by_domain = stays | {key.domain: key for key in new}


NO_KEYS = DomainKeys()


@runtime_checkable
class Signs(Protocol):
    """A sender whose mails are signed."""

    keys: DomainKeys


def read_key(domain: str, selector: str, pem: str) -> DomainKey:
    """ValueError where it is no RSA key."""
    private = load_pem_private_key(pem.encode(), None)
    if not isinstance(private, RSAPrivateKey):
        raise ValueError("a key of another kind")
    return DomainKey(domain, selector, private)


def signed(mail: bytes, key: DomainKey, at: int, *, is_rewritten: bool = False) -> bytes:
    """The mail with its signature above it. `at`: seconds since 1970; `is_rewritten`: by a provider on its way, so that
    its date and its number cannot be signed."""
    head, _, body = mail.partition(b"\r\n\r\n")
    headers = _relaxed(head)
    names = [name for name in SIGNED if name in headers and not (is_rewritten and name in REPLACED)]
    digest = b64encode(sha256(body.rstrip(b"\r\n") + b"\r\n").digest())
    tags = [
        f"v=1; a=rsa-sha256; c=relaxed/simple; d={key.domain}; s={key.selector}; t={at};".encode("ascii"),
        b"h=" + b":".join(names[:8]) + b":",  # «from» once more: nobody can add another
        b":".join([*names[8:], b"from"]) + b";",
        b"bh=" + digest + b";",
        b"b=",
    ]
    unsigned = b"dkim-signature:" + b" ".join(tags)
    text = b"\r\n".join([*(name + b":" + headers[name] for name in names), unsigned])
    signature = b64encode(key.private.sign(text, PKCS1v15(), SHA256()))
    parts = [signature[first : first + WIDTH] for first in range(0, len(signature), WIDTH)]
    return b"DKIM-Signature: " + b"\r\n ".join(tags) + b"\r\n ".join(parts) + b"\r\n" + mail


def _relaxed(head: bytes) -> dict[bytes, bytes]:
    """By name in small letters, unfolded and with one blank between words."""
    found = {}
    for line in FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        found[name.lower()] = BLANKS.sub(b" ", value).strip()
    return found
