"""Authenticator apps, recovery codes, and whether the house demands a second factor of administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.role import Role


@dataclass(frozen=True)
class Authenticator:
    """`confirmed_at`: None until a code has proven that the app holds the secret."""

    secret: Sealed
    confirmed_at: datetime | None


def authenticator(tx: Tx, person_id: UUID) -> Authenticator | None:
    query = "select secret, confirmed_at from authenticator where person_id = %s"
    found = tx.rows(Authenticator, query, (person_id,))
    return found[0] if found else None


def propose(tx: Tx, person_id: UUID, secret: Sealed, at: datetime) -> None:
    """A secret takes the place of one that was not confirmed; nothing happens to a confirmed one."""
    tx.execute(PROPOSE, {"person_id": person_id, "secret": secret, "at": at})


def confirm(tx: Tx, person_id: UUID, at: datetime) -> None:
    tx.execute("update authenticator set confirmed_at = %s where person_id = %s", (at, person_id))


def take_step(tx: Tx, person_id: UUID, step: int) -> bool:
    """Takes the code of a step of time, which counts once; False where it or a newer one was taken already."""
    query = "update authenticator set last_step = %(step)s where person_id = %(person_id)s and last_step < %(step)s"
    return tx.execute(query, {"step": step, "person_id": person_id}).rowcount == 1


def remove_authenticator(tx: Tx, person_id: UUID) -> bool:
    """Whether there was a confirmed one."""
    query = "delete from authenticator where person_id = %s returning confirmed_at is not null"
    return tx.execute(query, (person_id,)).fetchone() == (True,)


def put_codes(tx: Tx, person_id: UUID, hashes: Sequence[str]) -> None:
    """In place of all there were."""
    tx.execute("delete from recovery_code where person_id = %s", (person_id,))
    query = "insert into recovery_code (person_id, code_hash) select %s, unnest(%s::text[])"
    tx.execute(query, (person_id, list(hashes)))


def take_code(tx: Tx, person_id: UUID, code_hash: str, at: datetime) -> bool:
    """Takes a recovery code, which counts once."""
    query = """
        update recovery_code set used_at = %s where person_id = %s and code_hash = %s and used_at is null
    """
    return tx.execute(query, (at, person_id, code_hash)).rowcount == 1


def codes_left(tx: Tx, person_id: UUID) -> int:
    row = tx.execute(
        "select count(*) from recovery_code where person_id = %s and used_at is null", (person_id,)
    ).fetchone()
    return int(row[0]) if row else 0


def has_one(tx: Tx, person_id: UUID) -> bool:
    """Whether the person has a second factor: a confirmed authenticator or a passkey."""
    row = tx.execute(HAS_ONE, {"person_id": person_id}).fetchone()
    return row == (True,)


def is_demanded(tx: Tx) -> bool:
    """Of administrators, by the house."""
    return tx.execute("select second_factor_for_administrators from team_rule").fetchone() == (True,)


def demand(tx: Tx, demanded: bool) -> bool:
    """Whether that changed anything."""
    query = """
        update team_rule set second_factor_for_administrators = %(demanded)s
        where second_factor_for_administrators <> %(demanded)s
    """
    return tx.execute(query, {"demanded": demanded}).rowcount == 1


def administrators_without(tx: Tx) -> list[UUID]:
    return [person_id for (person_id,) in tx.execute(ADMINISTRATORS_WITHOUT, {"role": Role.ADMINISTRATOR})]


PROPOSE = """
    insert into authenticator as old (person_id, secret, made_at) values (%(person_id)s, %(secret)s, %(at)s)
    on conflict (person_id) do update set secret = excluded.secret, made_at = excluded.made_at
    where old.confirmed_at is null
"""
HAS_ONE = """
    select exists (select from authenticator where person_id = %(person_id)s and confirmed_at is not null)
        or exists (select from passkey where person_id = %(person_id)s)
"""
ADMINISTRATORS_WITHOUT = """
    select person_id from account
    where role = %(role)s
        and not exists (select from authenticator a where a.person_id = account.person_id and confirmed_at is not null)
        and not exists (select from passkey p where p.person_id = account.person_id)
    order by person_id
"""
