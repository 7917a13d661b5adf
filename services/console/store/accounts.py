"""Accounts of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.role import Role

FIELDS = """
    person_id, version, email, email_index, name, role, properties, language, password_hash, one_time_until,
    sessions_ended, changed_at, signed_in_at
"""


@dataclass(frozen=True)
class Account:
    """`role`: None once access has ended. `properties`: empty means all. `one_time_until`: the password is one-time."""

    person_id: UUID
    version: int
    email: Sealed
    email_index: str
    name: str
    role: str | None
    properties: Sequence[str]
    language: str | None
    password_hash: str
    one_time_until: datetime | None
    sessions_ended: int
    changed_at: datetime
    signed_in_at: datetime | None = None


def by_email(tx: Tx, indexes: list[str]) -> Account | None:
    """`indexes`: what the address is known by under each key of the index."""
    found = tx.rows(Account, f"select {FIELDS} from account where email_index = any(%s)", [list(indexes)])
    return found[0] if found else None


def set_indexes(tx: Tx, indexes: Mapping[UUID, str]) -> int:
    """How many of these accounts had another index."""
    statement = """
        update account set email_index = said.email_index
        from unnest(%s::uuid[], %s::text[]) as said (person_id, email_index)
        where account.person_id = said.person_id and account.email_index <> said.email_index
    """
    return tx.execute(statement, [list(indexes), list(indexes.values())]).rowcount


def by_id(tx: Tx, person_id: UUID) -> Account | None:
    found = tx.rows(Account, f"select {FIELDS} from account where person_id = %s", (person_id,))
    return found[0] if found else None


def with_ids(tx: Tx, people: Sequence[UUID]) -> list[Account]:
    return tx.rows(Account, f"select {FIELDS} from account where person_id = any(%s)", [list(people)])


def locked(tx: Tx, person_id: UUID) -> Account | None:
    found = tx.rows(Account, f"select {FIELDS} from account where person_id = %s for update", (person_id,))
    return found[0] if found else None


def everybody(tx: Tx) -> list[Account]:
    """Those who have access first."""
    return tx.rows(Account, f"select {FIELDS} from account order by role is null, lower(name), person_id")


def with_role(tx: Tx, role: Role) -> list[Account]:
    return tx.rows(Account, f"select {FIELDS} from account where role = %s order by person_id", (role,))


def administrators(tx: Tx) -> list[UUID]:
    """Locked, so that two of them cannot end each other's access at once and leave nobody."""
    query = "select person_id from account where role = %s order by person_id for update"
    return [person_id for (person_id,) in tx.execute(query, (Role.ADMINISTRATOR,))]


def is_anybody_there(tx: Tx) -> bool:
    return tx.execute("select 1 from account where role is not null limit 1").fetchone() is not None


def put(tx: Tx, account: Account) -> None:
    tx.execute(PUT, vars(account))


def note_sign_in(tx: Tx, person_id: UUID, at: datetime) -> None:
    tx.execute("update account set signed_in_at = %s where person_id = %s", (at, person_id))


def renew_hash(tx: Tx, person_id: UUID, old: str, new: str) -> None:
    """The same password at another cost; nothing happens where it was changed meanwhile."""
    tx.execute(
        "update account set password_hash = %s where person_id = %s and password_hash = %s", (new, person_id, old)
    )


PUT = """
    insert into account
        (person_id, version, email, email_index, name, role, properties, language, password_hash, one_time_until,
         sessions_ended, changed_at, signed_in_at)
    values
        (%(person_id)s, %(version)s, %(email)s, %(email_index)s, %(name)s, %(role)s, %(properties)s::text[],
         %(language)s, %(password_hash)s, %(one_time_until)s, %(sessions_ended)s, %(changed_at)s, %(signed_in_at)s)
    on conflict (person_id) do update
    set version = excluded.version, email = excluded.email, email_index = excluded.email_index, name = excluded.name,
        role = excluded.role, properties = excluded.properties, language = excluded.language,
        password_hash = excluded.password_hash, one_time_until = excluded.one_time_until,
        sessions_ended = excluded.sessions_ended, changed_at = excluded.changed_at
"""
