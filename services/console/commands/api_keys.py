"""API keys of programs: shown once, stored as a hash, ended at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
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
from shared.vocabulary.term import N_


def make_key(tx: Tx, name: str, properties: Sequence[str], by: str, at: datetime) -> str:
    """The key's text `glk_<id>_<secret>`, which cannot be read again. Raises `InputError`."""
    if not name.strip():
        raise InputError(N_("No key was made."), {"name": N_("Say which program the key is for.")})
    if set(properties) - set(hotels.codes(tx)):
        raise InputError(N_("No key was made."), {"properties": N_("One of these hotels does not exist.")})
    secret = secrets.token_hex(24)
    key_id = make_id("key", secret_hash(secret))
    key = ApiKey(key_id, 1, name.strip(), secret_hash(secret), list(properties), by, at)
    store.add(tx, key)
    publish_key(tx, key, at)
    record_audit(tx, by, "key.made", f"key {key_id}", {"name": key.name, "properties": list(properties)}, at)
    return f"glk_{key_id.hex}_{secret}"


def end_key(tx: Tx, key_id: UUID, by: str, at: datetime) -> None:
    """Ends a key. Idempotent."""
    if ended := store.end(tx, key_id, at):
        publish_key(tx, ended, at)
        record_audit(tx, by, "key.ended", f"key {key_id}", {"name": ended.name}, at)
