"""Keys of programs: only a hash of the secret is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
    grants: Sequence[str] = ()
    expires_at: datetime | None = None


def add(tx: Tx, key: ApiKey) -> None:
    tx.execute(ADD, vars(key))


def end(tx: Tx, key_id: UUID, at: datetime) -> ApiKey | None:
    """The key as it is now; None where it had ended already, or never was."""
    found = tx.rows(ApiKey, END, {"key_id": key_id, "at": at})
    return found[0] if found else None


def keep_uses(tx: Tx, columns: Mapping[str, list[Any]]) -> None:
    tx.execute(KEEP_USES, columns)


def last_uses(tx: Tx) -> dict[UUID, datetime]:
    """When each key was last used, to the hour."""
    return dict(tx.execute("select key_id, max(used_at) from api_key_use group by key_id").fetchall())


def all_keys(tx: Tx) -> list[ApiKey]:
    """Those in use first, the newest first."""
    return tx.rows(ApiKey, f"select {FIELDS} from api_key order by ended_at is not null, made_at desc, key_id")


FIELDS = "key_id, version, name, secret_hash, properties, made_by, made_at, ended_at, grants, expires_at"
ADD = """
    insert into api_key (key_id, version, name, secret_hash, properties, made_by, made_at, grants, expires_at)
    values
        (%(key_id)s, %(version)s, %(name)s, %(secret_hash)s, %(properties)s::text[], %(made_by)s, %(made_at)s,
         %(grants)s::text[], %(expires_at)s)
"""
KEEP_USES = """
    insert into api_key_use as old (key_id, service, version, used_at)
    select distinct on (key_id, service) key_id, service, version, used_at
    from unnest(%(key_id)s::uuid[], %(service)s::text[], %(version)s::bigint[], %(used_at)s::timestamptz[])
         as new (key_id, service, version, used_at)
    order by key_id, service, version desc
    on conflict (key_id, service) do update set version = excluded.version, used_at = excluded.used_at
    where excluded.version > old.version
"""
END = f"""
    update api_key set ended_at = %(at)s, version = version + 1
    where key_id = %(key_id)s and ended_at is null
    returning {FIELDS}
"""
