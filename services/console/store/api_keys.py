"""Keys of programs: only a hash of the secret is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class ApiKey:
    key_id: UUID
    version: int
    name: str
    secret_hash: str
    properties: Sequence[str]
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None


def add(tx: Tx, key: ApiKey) -> None:
    tx.execute(ADD, vars(key))


def end(tx: Tx, key_id: UUID, at: datetime) -> ApiKey | None:
    """The key as it is now; None where it had ended already, or never was."""
    found = tx.rows(ApiKey, END, {"key_id": key_id, "at": at})
    return found[0] if found else None


def all_keys(tx: Tx) -> list[ApiKey]:
    """Those in use first, the newest first."""
    return tx.rows(ApiKey, f"select {FIELDS} from api_key order by ended_at is not null, made_at desc, key_id")


FIELDS = "key_id, version, name, secret_hash, properties, made_by, made_at, ended_at"
ADD = """
    insert into api_key (key_id, version, name, secret_hash, properties, made_by, made_at, ended_at)
    values (%(key_id)s, %(version)s, %(name)s, %(secret_hash)s, %(properties)s::text[], %(made_by)s, %(made_at)s, null)
"""
END = f"""
    update api_key set ended_at = %(at)s, version = version + 1
    where key_id = %(key_id)s and ended_at is null
    returning {FIELDS}
"""
