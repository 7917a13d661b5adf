"""The rows of reservations that came for a group of merged guests since the merge, sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


def roots_among(tx: Tx, guests: Collection[UUID]) -> set[UUID]:
    """Those of these guests who are made of several."""
    query = "select distinct root_id from merged_part where root_id = any(%s)"
    return {root for (root,) in tx.execute(query, [list(guests)])}


def keep_rows(tx: Tx, rows: Sequence[tuple[UUID, UUID, Sealed]]) -> None:
    """`rows`: whose stay, which stay, and the row."""
    if rows:
        guests, stays, texts = zip(*rows, strict=True)
        statement = """
            insert into merged_row (guest_id, stay_id, row_sealed)
            select * from unnest(%s::uuid[], %s::uuid[], %s::text[])
        """
        tx.execute(statement, [list(guests), list(stays), list(texts)])


def take_rows(tx: Tx, root: UUID) -> list[tuple[UUID, Sealed]]:
    """The rows by stay, in the order they came; they are forgotten here."""
    query = """
        with taken as (delete from merged_row where guest_id = %s returning id, stay_id, row_sealed)
        select stay_id, row_sealed from taken order by id
    """
    return [(stay, Sealed(row)) for stay, row in tx.execute(query, [root])]


def kinds_of_points(tx: Tx, points: Collection[str]) -> dict[str, str]:
    """The class of each of these contact points that is known."""
    query = "select point, kind from contact_point where point = any(%s)"
    return dict(tx.execute(query, [list(points)]).fetchall())


def known_among(tx: Tx, indexes: Collection[str]) -> set[str]:
    """Those of these blind indexes under which a contact point or a guest is known."""
    query = """
        select point from contact_point where point = any(%(indexes)s)
        union select key from guest_key where key = any(%(indexes)s)
    """
    return {index for (index,) in tx.execute(query, {"indexes": list(indexes)})}


def add_missing_keys(tx: Tx, keys: Collection[tuple[str, UUID]]) -> None:
    statement = """
        insert into guest_key (key, guest_id) select * from unnest(%s::text[], %s::uuid[]) on conflict do nothing
    """
    tx.execute(statement, [[key for key, _ in keys], [guest for _, guest in keys]])
