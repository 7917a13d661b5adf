"""Blocks of mails that are kept under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.rows import row

Bodies = Mapping[str, Sequence[Any]]
"""By language, the blocks as a document holds them."""


@row
class SavedBlock:
    """`hotel`: whose it is, None where it is every hotel's."""

    block_id: UUID
    hotel: str | None
    name: str
    bodies: Bodies
    version: int
    changed_by: str
    changed_at: datetime


def seen(tx: Tx, scope: Scope) -> list[SavedBlock]:
    return tx.rows(SavedBlock, f"{SEEN} order by lower(name), block_id limit 500", scope.values)


def one(tx: Tx, block_id: UUID, scope: Scope) -> SavedBlock | None:
    found = tx.rows(SavedBlock, f"{SEEN} and block_id = %(id)s", {**scope.values, "id": block_id})
    return found[0] if found else None


def keep(tx: Tx, block_id: UUID, hotel: str | None, name: str, bodies: Bodies, *, by: str, at: datetime) -> bool:
    """False where another one of this hotel is called so."""
    values = {"id": block_id, "hotel": hotel, "name": name, "bodies": Jsonb(dict(bodies)), "by": by, "at": at}
    return tx.execute(KEEP, values).rowcount == 1


def rename(tx: Tx, block_id: UUID, version: int, name: str, *, by: str, at: datetime) -> bool:
    """False where somebody changed it since `version`, or another one is called so."""
    query = """
        update saved_block set name = %s, version = version + 1, changed_by = %s, changed_at = %s
        where block_id = %s and version = %s
    """
    try:
        with tx.savepoint():
            return tx.execute(query, [name, by, at, block_id, version]).rowcount == 1
    except UniqueViolation:
        return False


def drop(tx: Tx, block_id: UUID) -> bool:
    return tx.execute("delete from saved_block where block_id = %s", [block_id]).rowcount == 1


def shows(tx: Tx, sha: str) -> bool:
    """Whether one of them shows this picture."""
    query = "select exists (select from saved_block where strpos(bodies::text, %s) > 0)"
    found = tx.execute(query, [sha]).fetchone()
    return bool(found and found[0])


SEEN = f"""
    select block_id, hotel, name, bodies, version, changed_by, changed_at from saved_block
    where (hotel is null or {within("hotel")})
"""
KEEP = """
    insert into saved_block (block_id, hotel, name, bodies, saved_by, saved_at, changed_by, changed_at)
    values (%(id)s, %(hotel)s, %(name)s, %(bodies)s, %(by)s, %(at)s, %(by)s, %(at)s)
    on conflict do nothing
"""
