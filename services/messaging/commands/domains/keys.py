"""Keys by which mail is signed in the name of its domain.

A new key waits until DNS publishes it: a signature that nobody can check is worth nothing. Once it signs, the one
before it is forgotten; its line stays in DNS while mails that it signed are under way (`RESTS`).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.messaging.store import domains as store
from shared.access.audit import record
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict

BITS = 2048  # RSA: mailboxes that check Ed25519 are few, those that check RSA are all
RESTS = timedelta(days=7)  # longer than a mail server keeps trying


@dataclass(frozen=True)
class NewKey:
    private: str = field(repr=False)
    public: str


def make_key() -> NewKey:
    """Takes some tenths of a second: outside any transaction."""
    private = rsa.generate_private_key(65537, BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return NewKey(pem.decode(), b64encode(public).decode())


def add_key(tx: Tx, domain: str, key: NewKey, *, by: Person, at: datetime) -> str:
    """Its selector. `Conflict` where another one waits already."""
    selector = f"gl{at:%Y%m%d%H%M%S}"
    sealed = tx.keyring.seal(key.private, Sealing.SENDER)
    if not store.add_key(tx, domain, selector, key.public, sealed, by.name, at):
        raise Conflict("a key of this domain waits already")
    record(tx, by, "domain.key_added", f"domain {domain}", {"selector": selector}, at)
    return selector


def sign_by(tx: Tx, domain: str, selector: str, *, by: Person | str, at: datetime) -> None:
    """From the next mails on. `Conflict` where it signs already, or signed once."""
    if not store.put_in_use(tx, domain, selector, at):
        raise Conflict("this key does not wait")
    record(tx, by, "domain.key_used", f"domain {domain}", {"selector": selector}, at)
