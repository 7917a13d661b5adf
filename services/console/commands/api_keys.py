"""API keys of programs: shown once, stored as a hash, ended at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.console.commands.access import publish_key
from services.console.commands.record_audit import record_audit
from services.console.store import api_keys as store
from services.console.store import properties as hotels
from services.console.store.api_keys import ApiKey
from shared.access.people import secret_hash
from shared.database.pool import Tx
from shared.errors import InputError
from shared.ids import make_id
from shared.vocabulary.grant import Grant
from shared.vocabulary.term import N_


@dataclass(frozen=True)
class Wanted:
    """`properties`: empty means all. `lasts`: None for a key without an end."""

    name: str
    properties: Sequence[str]
    grants: Sequence[Grant]
    lasts: timedelta | None = None


def make_key(tx: Tx, wanted: Wanted, by: str, at: datetime) -> str:
    """The key's text `glk_<id>_<secret>`, which cannot be read again. Raises `InputError`."""
    name, properties, granted = (
        wanted.name.strip(),
        list(wanted.properties),
        [one for one in Grant if one in wanted.grants],
    )
    if not name:
        raise InputError(N_("No key was created."), {"name": N_("Name the program the key is for.")})
    if not granted:
        raise InputError(N_("No key was created."), {"grants": N_("Tick what the program may do.")})
    if set(properties) - set(hotels.codes(tx)):
        raise InputError(N_("No key was created."), {"properties": N_("One of these hotels does not exist.")})
    secret = secrets.token_hex(24)
    key_id = make_id("key", secret_hash(secret))
    expires_at = at + wanted.lasts if wanted.lasts else None
    key = ApiKey(key_id, 1, name, secret_hash(secret), properties, by, at, grants=granted, expires_at=expires_at)
    store.add(tx, key)
    publish_key(tx, key, at)
    details = {"name": name, "properties": properties, "grants": granted}
    details |= {"expires_at": expires_at.isoformat()} if expires_at else {}
    record_audit(tx, by, "key.made", f"key {key_id}", details, at)
    return f"glk_{key_id.hex}_{secret}"


def end_key(tx: Tx, key_id: UUID, by: str, at: datetime) -> None:
    """Ends a key. Idempotent."""
    if ended := store.end(tx, key_id, at):
        publish_key(tx, ended, at)
        record_audit(tx, by, "key.ended", f"key {key_id}", {"name": ended.name}, at)
