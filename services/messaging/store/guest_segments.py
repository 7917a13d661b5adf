"""Segments that published templates use, and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from shared.database.pool import Tx


def use(tx: Tx, segments: Collection[str], at: datetime) -> list[tuple[str, int, bool]]:
    """From here on these are used and no others: (segment, version, used) of each that was not, or is not any more.
    Whoever publishes meanwhile waits."""
    rows = tx.execute(
        """
        insert into segment_used as known (segment, version, used, asked_at)
        select segment, %(minute)s, true, %(at)s from unnest(%(segments)s::text[]) as wanted (segment) order by segment
        on conflict (segment) do update set
            version = greatest(known.version + 1, %(minute)s), used = true, complete = false, asked_at = %(at)s
        where not known.used
        returning segment, version, true
        """,
        {"segments": sorted(segments), "at": at, "minute": _minute(at)},
    ).fetchall()
    gone = tx.execute(
        """
        update segment_used set used = false, complete = false, version = version + 1
        where used and segment <> all(%(segments)s::text[]) returning segment, version, false
        """,
        {"segments": sorted(segments)},
    ).fetchall()
    forget(tx, [segment for segment, *_ in gone])
    return [*rows, *gone]


def ask_again(tx: Tx, at: datetime) -> list[tuple[str, int]]:
    """Nobody is known of any of them any more: (segment, version) of each that is used."""
    rows = tx.execute(
        """
        update segment_used set version = greatest(version + 1, %(minute)s), complete = false, asked_at = %(at)s
        where used returning segment, version
        """,
        {"at": at, "minute": _minute(at)},
    ).fetchall()
    forget(tx, [segment for segment, _ in rows])
    return rows


def _minute(at: datetime) -> int:
    """Since 1970: a version that is greater than any that was given before a backup was made."""
    return int(at.timestamp()) // 60


def forget(tx: Tx, segments: Collection[str]) -> None:
    """Who was in them."""
    for table in ("guest_segment", "segment_part"):
        tx.execute(f"delete from {table} where segment = any(%s)", [list(segments)])


def keep_changes(tx: Tx, params: Mapping[str, Any]) -> None:
    """Who entered or left a segment that is used, each where the version is newer."""
    tx.execute(
        """
        insert into guest_segment as known (guest_id, segment, version, is_in)
        select distinct on (guest_id, segment) said.guest_id, segment, said.version, entered
        from unnest(%(guest_id)s::uuid[], %(segment)s::text[], %(version)s::bigint[], %(entered)s::boolean[])
            as said (guest_id, segment, version, entered)
        join segment_used using (segment)
        where used
        order by guest_id, segment, said.version desc
        on conflict (guest_id, segment) do update set (version, is_in) = (excluded.version, excluded.is_in)
        where excluded.version > known.version
        """,
        params,
    )


def keep_part(tx: Tx, params: Mapping[str, Any]) -> bool:
    """A part of the list that was asked for last; False where it was not. Nobody who is erased is kept."""
    asked = "select from segment_used where (segment, version) = (%(segment)s, %(version)s) and used for update"
    if tx.execute(asked, params).fetchone() is None:
        return False
    tx.execute(
        """
        insert into guest_segment as known (guest_id, segment, version, is_in)
        select listed.guest_id, %(segment)s, listed.version, true
        from unnest(%(guests)s::uuid[], %(versions)s::bigint[]) as listed (guest_id, version)
        where not exists (select from recipient where recipient.guest_id = listed.guest_id and gone = 'erased')
        order by guest_id
        on conflict (guest_id, segment) do update set (version, is_in) = (excluded.version, true)
        where excluded.version > known.version
        """,
        params,
    )
    tx.execute(
        "insert into segment_part values (%(segment)s, %(version)s, %(part)s) on conflict do nothing",
        params,
    )
    tx.execute(
        """
        update segment_used set complete = %(parts)s <= (
            select count(*) from segment_part where (segment, version) = (%(segment)s, %(version)s))
        where segment = %(segment)s
        """,
        params,
    )
    return True


def incomplete(tx: Tx, segments: Collection[str]) -> set[str]:
    """Those of these of whose members not all are known yet."""
    query = """
        select segment from unnest(%s::text[]) as asked (segment)
        where not exists (select from segment_used where segment_used.segment = asked.segment and complete)
    """
    return {segment for (segment,) in tx.execute(query, [sorted(segments)])}
