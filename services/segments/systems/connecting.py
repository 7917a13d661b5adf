"""Connections: made with credentials that are typed once and a door's secret that is shown once; ended at once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

import orjson

from services.segments.rules.systems import SystemKind
from services.segments.store.properties import property_zones
from services.segments.store.systems import connections as store
from services.segments.store.systems import inbox
from services.segments.store.systems.connections import Connection
from services.segments.systems.registry import profile_of, system_of
from services.segments.systems.system import Profile, Told
from services.segments.systems.values import Document
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError
from shared.outgoing.addresses import web_address
from shared.vocabulary.term import N_

LONGEST_SOURCE, LONGEST_CREDENTIAL = 60, 4_000


def connect(
    tx: Tx,
    kind: SystemKind,
    source: str,
    address: str,
    credentials: Mapping[str, str],
    hotels: Mapping[str, str],
    by: str,
    at: datetime,
    *,
    plain_allowed: bool,
) -> tuple[UUID, str]:
    """Its number and the secret of its door, which cannot be read again. `hotels`: by its own number, our code.
    `plain_allowed`: http too, for systems in a listed network. Raises `InputError`.
    """
    profile = profile_of(kind)
    problems = _problems(tx, profile, source, address, credentials, plain_allowed=plain_allowed)
    problems |= hotel_problems(tx, hotels)
    if problems:
        raise InputError(N_("No system was connected."), problems)
    secret = secrets.token_urlsafe(32)
    kept = {one.name: credentials[one.name] for one in profile.credentials}
    connection = Connection(
        connection_id=uuid4(), kind=kind, source=source, address="" if profile.address is None else address,
        hotels=dict(hotels),
        credentials_sealed=tx.keyring.seal(orjson.dumps(kept).decode(), Sealing.SYSTEM), door_hash=hash_of(secret),
        made_by=by, made_at=at, poll_at=None if profile.address is None else at,
    )  # fmt: skip
    store.add(tx, connection)
    if profile.address is None:
        store.note_caught_up(tx, connection.connection_id, at)  # it has no past to be read
    return connection.connection_id, secret


def change_hotels(tx: Tx, connection_id: UUID, hotels: Mapping[str, str]) -> None:
    """Raises `InputError`."""
    if problems := hotel_problems(tx, hotels):
        raise InputError(None, problems)
    store.keep_hotels(tx, connection_id, hotels)


def hash_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def is_known(connection: Connection, secret: str) -> bool:
    """Whether a caller proved themselves."""
    return connection.ended_at is None and hmac.compare_digest(connection.door_hash, hash_of(secret))


def take_told(tx: Tx, connection: Connection, document: Document, now: datetime) -> int:
    """What a system says has changed waits to be fetched; how many numbers that are."""
    system = system_of(connection.kind)
    told = system.heard(document) if system else Told()
    inbox.add(tx, connection.connection_id, told.entities, now)
    store.note_heard(tx, connection.connection_id, now)
    return len(told.entities)


def hotel_problems(tx: Tx, hotels: Mapping[str, str]) -> dict[str, str]:
    if not hotels:
        return {"hotels": N_("Say by which number this system knows one of the hotels.")}
    if set(hotels.values()) - property_zones(tx).keys():
        return {"hotels": N_("One of these hotels does not exist.")}
    return {}


def _problems(
    tx: Tx, profile: Profile, source: str, address: str, credentials: Mapping[str, str], *, plain_allowed: bool
) -> dict[str, str]:
    problems = {}
    if not source or len(source) > LONGEST_SOURCE or not source.isprintable():
        problems["source"] = N_("A short name is needed.")
    elif any(one.source == source and one.ended_at is None for one in store.connections(tx)):
        problems["source"] = N_("Another system is connected under this name.")
    if profile.address is not None and not _is_address(address, plain_allowed=plain_allowed):
        problems["address"] = N_("An address that begins with https:// is needed.")
    for one in profile.credentials:
        if not 0 < len(credentials.get(one.name, "")) <= LONGEST_CREDENTIAL:
            problems[one.name] = N_("This is needed.")
    return problems


def _is_address(url: str, *, plain_allowed: bool) -> bool:
    """One that paths can be put behind."""
    found = web_address(url, plain_allowed=plain_allowed)
    return found is not None and not (found.query or found.fragment)
