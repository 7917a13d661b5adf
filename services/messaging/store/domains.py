"""Keys of the domains that mail is from, and what DNS said of these domains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import named_row


@named_row
class DkimKey:
    """`used_from`: None while it waits until DNS publishes it; `retired_at`: since another one signs."""

    domain: str
    selector: str
    public_key: str
    made_by: str
    made_at: datetime
    used_from: datetime | None
    retired_at: datetime | None

    @property
    def is_in_use(self) -> bool:
        return self.used_from is not None and self.retired_at is None

    @property
    def is_waiting(self) -> bool:
        return self.used_from is None and self.retired_at is None


@named_row
class DomainCheck:
    """`found`: by kind of record, what DNS said."""

    domain: str
    checked_at: datetime
    found: dict[str, Any]


def keys_of(tx: Tx, domain: str) -> list[DkimKey]:
    """The newest first."""
    query = """
        select domain, selector, public_key, made_by, made_at, used_from, retired_at from dkim_key
        where domain = %s order by made_at desc, selector desc
    """
    return tx.rows(DkimKey, query, [domain])


def signing_keys(tx: Tx) -> dict[tuple[str, str], Sealed]:
    """By domain and selector, those that sign now."""
    query = """
        select domain, selector, private_sealed from dkim_key where used_from is not null and retired_at is null
    """
    return {(domain, selector): Sealed(sealed) for domain, selector, sealed in tx.execute(query)}


def add_key(tx: Tx, domain: str, selector: str, public_key: str, private: Sealed, by: str, at: datetime) -> bool:
    """False where one waits already."""
    query = """
        insert into dkim_key (domain, selector, public_key, private_sealed, made_by, made_at)
        values (%s, %s, %s, %s, %s, %s) on conflict do nothing
    """
    return bool(tx.execute(query, [domain, selector, public_key, private, by, at]).rowcount)


def put_in_use(tx: Tx, domain: str, selector: str, at: datetime) -> bool:
    """The one before it is retired, and forgotten. False where this one does not wait."""
    waits = "select from dkim_key where domain = %s and selector = %s and used_from is null and retired_at is null"
    if tx.execute(f"{waits} for update", [domain, selector]).fetchone() is None:
        return False
    tx.execute(
        """
        update dkim_key set retired_at = greatest(%s, used_from), private_sealed = null
        where domain = %s and used_from is not null and retired_at is null
        """,
        [at, domain],
    )
    tx.execute("update dkim_key set used_from = %s where domain = %s and selector = %s", [at, domain, selector])
    return True


def keep_check(tx: Tx, domain: str, found: Mapping[str, Any], at: datetime) -> None:
    """What was asked earlier and comes later changes nothing."""
    tx.execute(
        """
        insert into domain_check as known (domain, checked_at, found) values (%s, %s, %s)
        on conflict (domain) do update set checked_at = excluded.checked_at, found = excluded.found
            where known.checked_at <= excluded.checked_at
        """,
        [domain, at, Jsonb(dict(found))],
    )


def checks(tx: Tx) -> dict[str, DomainCheck]:
    rows = tx.rows(DomainCheck, "select domain, checked_at, found from domain_check")
    return {one.domain: one for one in rows}
