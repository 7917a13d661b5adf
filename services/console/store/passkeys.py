"""Passkeys, and the questions they are asked: each is answered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx

MOST_CHALLENGES = 10_000
"""Strangers are asked too, so there is an end to them: the oldest go."""


@dataclass(frozen=True)
class Passkey:
    """`public_key`: as COSE writes it. `sign_count`: how often the device says that it has signed; 0, it does not."""

    credential_id: bytes
    person_id: UUID
    public_key: bytes
    sign_count: int
    name: str
    made_at: datetime
    used_at: datetime | None = None


def add(tx: Tx, passkey: Passkey) -> bool:
    """Whether it was new."""
    return tx.execute(ADD, vars(passkey)).rowcount == 1


def of_person(tx: Tx, person_id: UUID) -> list[Passkey]:
    query = f"select {FIELDS} from passkey where person_id = %s order by made_at, credential_id"
    return tx.rows(Passkey, query, (person_id,))


def locked(tx: Tx, credential_id: bytes) -> Passkey | None:
    found = tx.rows(Passkey, f"select {FIELDS} from passkey where credential_id = %s for update", (credential_id,))
    return found[0] if found else None


def note_use(tx: Tx, credential_id: bytes, sign_count: int, at: datetime) -> None:
    tx.execute(
        "update passkey set sign_count = %s, used_at = %s where credential_id = %s", (sign_count, at, credential_id)
    )


def remove(tx: Tx, person_id: UUID, credential_id: bytes) -> bool:
    query = "delete from passkey where person_id = %s and credential_id = %s"
    return tx.execute(query, (person_id, credential_id)).rowcount == 1


def remove_all(tx: Tx, person_id: UUID) -> int:
    return tx.execute("delete from passkey where person_id = %s", (person_id,)).rowcount


def ask(tx: Tx, challenge_id: UUID, challenge: bytes, person_id: UUID | None, at: datetime, until: datetime) -> None:
    """Keeps a question; those that expired go, and the oldest where there are too many."""
    tx.execute("delete from passkey_challenge where expires_at < %s", (at,))
    tx.execute(DROP_OLDEST, (MOST_CHALLENGES,))
    tx.execute("insert into passkey_challenge values (%s, %s, %s, %s)", (challenge_id, challenge, person_id, until))


def answered(tx: Tx, challenge_id: UUID, person_id: UUID | None, at: datetime) -> bytes | None:
    """The question that was asked of this person (None: of whoever signs in); it cannot be answered again."""
    query = """
        delete from passkey_challenge where challenge_id = %s returning challenge, person_id, expires_at
    """
    row = tx.execute(query, (challenge_id,)).fetchone()
    return bytes(row[0]) if row and row[1] == person_id and row[2] >= at else None


FIELDS = "credential_id, person_id, public_key, sign_count, name, made_at, used_at"
ADD = """
    insert into passkey (credential_id, person_id, public_key, sign_count, name, made_at)
    values (%(credential_id)s, %(person_id)s, %(public_key)s, %(sign_count)s, %(name)s, %(made_at)s)
    on conflict do nothing
"""
DROP_OLDEST = """
    delete from passkey_challenge where challenge_id in (
        select challenge_id from passkey_challenge order by expires_at desc offset %s)
"""
