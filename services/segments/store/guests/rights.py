"""Rights that guests have claimed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.right import Right


@dataclass(frozen=True)
class Claimed:
    """`claimed`: a `Right`; `words`: what the guest said, sealed."""

    claimed: str
    said_on: date
    how: str
    words: Sealed | None
    noted_at: datetime
    noted_by: str
    lifted_at: datetime | None
    lifted_by: str | None


def lock_rights(tx: Tx, guest_id: UUID) -> list[str] | None:
    """Those that stand; None where there is no such guest."""
    query = "select rights from guest where id = %s and merged_into is null and erased_at is null for update"
    row = tx.execute(query, [guest_id]).fetchone()
    return row[0] if row else None


def restricted_among(tx: Tx, guests: Collection[UUID]) -> set[UUID]:
    """Those whose data are restricted. All of them are locked, so that nobody becomes so meanwhile."""
    query = "select id, %s = any(rights) from guest where id = any(%s) order by id for update"
    return {guest for guest, is_restricted in tx.execute(query, [Right.RESTRICTED, list(guests)]) if is_restricted}


def add(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into guest_right (guest_id, claimed, said_on, how, words_sealed, noted_at, noted_by)
        values (%(guest)s, %(right)s, %(said_on)s, %(how)s, %(words)s, %(at)s, %(by)s)
        """,
        params,
    )
    tx.execute(
        """
        update guest set rights = array(select unnest(rights) union select %(right)s order by 1),
            version = version + 1, changed_at = %(at)s
        where id = %(guest)s
        """,
        params,
    )


def lift(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        update guest_right set lifted_at = %(at)s, lifted_by = %(by)s
        where guest_id = %(guest)s and claimed = %(right)s and lifted_at is null
        """,
        params,
    )
    tx.execute(
        """
        update guest set rights = array_remove(rights, %(right)s), version = version + 1, changed_at = %(at)s
        where id = %(guest)s
        """,
        params,
    )


def rights_of(tx: Tx, guest_id: UUID) -> list[Claimed]:
    """Those that stand first, the latest before."""
    query = """
        select claimed, said_on, how, words_sealed as words, noted_at, noted_by, lifted_at, lifted_by
        from guest_right where guest_id = %s order by lifted_at is null desc, id desc limit 50
    """
    return tx.rows(Claimed, query, [guest_id])
