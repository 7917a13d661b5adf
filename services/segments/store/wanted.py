"""Segments that templates want."""

from __future__ import annotations

from uuid import UUID

from shared.database.pool import Tx


def keep(tx: Tx, segment: str, version: int, *, wanted: bool) -> bool:
    """False where a newer word, or the same, was heard before."""
    query = """
        insert into wanted_segment as known (segment, version, wanted) values (%s, %s, %s)
        on conflict (segment) do update set (version, wanted) = (excluded.version, excluded.wanted)
        where excluded.version > known.version
    """
    return bool(tx.execute(query, [segment, version, wanted]).rowcount)


def is_wanted(tx: Tx, segment: str) -> bool:
    row = tx.execute("select wanted from wanted_segment where segment = %s", [segment]).fetchone()
    return bool(row and row[0])


def members(tx: Tx, segment: str) -> list[tuple[UUID, int]]:
    """Each with the version of their newest change; a member without one is at the first."""
    query = """
        select guest_id, coalesce((
            select version from membership_change as change
            where change.guest_id = member.guest_id and change.segment = of.number
            order by version desc limit 1), 1)
        from segment as of join membership as member on member.segments @> array[of.number]
        where of.key = %s and of.retired_at is null order by guest_id
    """
    return tx.execute(query, [segment]).fetchall()
