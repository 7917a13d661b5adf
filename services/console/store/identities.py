"""Whom an identity provider knows an account as, once it was linked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


def person_of(tx: Tx, issuer: str, subjects: Sequence[str]) -> UUID | None:
    """`subjects`: the blind indexes of one subject."""
    row = tx.execute(
        "select person_id from provider_identity where issuer = %s and subject_index = any(%s)",
        (issuer, list(subjects)),
    ).fetchone()
    return row[0] if row else None


def add(tx: Tx, issuer: str, subject: str, person_id: UUID, at: datetime) -> bool:
    """False where this person is linked to somebody else there, or that somebody to another person."""
    return bool(
        tx.execute(
            """
            insert into provider_identity (issuer, subject_index, person_id, linked_at) values (%s, %s, %s, %s)
            on conflict do nothing
            """,
            (issuer, subject, person_id, at),
        ).rowcount
    )


def drop_of(tx: Tx, person_id: UUID) -> None:
    tx.execute("delete from provider_identity where person_id = %s", (person_id,))
