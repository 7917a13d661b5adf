"""Copies of what other services publish. A greater version replaces a smaller one; a tombstone stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk


def keep_memberships(tx: Tx, chunk: Chunk) -> dict[tuple[UUID, str], int]:
    """The (guest, segment) whose newest version came with this chunk, with that version."""
    rows = tx.execute(
        """
        insert into audience_member (guest_id, segment, version, inside)
        select distinct on (guest_id, segment) *
        from unnest(%s::uuid[], %s::text[], %s::bigint[], %s::boolean[]) as new (guest_id, segment, version, inside)
        order by guest_id, segment, version desc
        on conflict (guest_id, segment) do update
        set version = excluded.version, inside = excluded.inside
        where audience_member.version < excluded.version
        returning guest_id, segment, version
        """,
        [chunk["guest_id"], chunk["segment"], chunk["version"], chunk["entered"]],
    )
    return {(guest, segment): version for guest, segment, version in rows}


def keep_guests(tx: Tx, chunk: Chunk) -> list[UUID]:
    """Those whose newest state came with this chunk. One kept without its tier or points takes them from the same
    version told once more."""
    rows = tx.execute(
        """
        insert into guest_known (guest_id, version, zone, tier, points)
        select distinct on (guest_id) *
        from unnest(%s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])
            as new (guest_id, version, zone, tier, points)
        order by guest_id, version desc
        on conflict (guest_id) do update set version = excluded.version, zone = excluded.zone, tier = excluded.tier,
            points = excluded.points,
            ended = nullif(guest_known.ended, 'merged')  -- what is newer than the merger follows its end
        where guest_known.version < excluded.version
           or guest_known.version = excluded.version and guest_known.ended is null
              and (guest_known.tier is null or guest_known.points is null and excluded.points is not null)
        returning guest_id
        """,
        [
            *(chunk["guest_id"], chunk["version"], chunk["home_zone"]),
            *([tier or "" for tier in chunk["tier"]], chunk["loyalty_points"]),
        ],
    )
    return sorted(guest for (guest,) in rows)


def tombstone_erased(tx: Tx, chunk: Chunk) -> None:
    """A tombstone, even where nothing is known yet. An erasure covers a merger, never the other way round."""
    tx.execute(
        """
        insert into guest_known (guest_id, version, ended)
        select distinct on (guest_id) guest_id, version, 'erased'
        from unnest(%s::uuid[], %s::bigint[]) as new (guest_id, version)
        order by guest_id, version desc
        on conflict (guest_id) do update
        set version = greatest(guest_known.version, excluded.version), ended = 'erased'
        """,
        [chunk["guest_id"], chunk["version"]],
    )


def tombstone_merged(tx: Tx, chunk: Chunk) -> list[UUID]:
    """A tombstone where nothing newer is known; whose it is now."""
    rows = tx.execute(
        """
        insert into guest_known (guest_id, version, ended, merged_into)
        select distinct on (guest_id) guest_id, version, 'merged', merged_into
        from unnest(%s::uuid[], %s::bigint[], %s::uuid[]) as new (guest_id, version, merged_into)
        order by guest_id, version desc
        on conflict (guest_id) do update
        set version = excluded.version, ended = 'merged', merged_into = excluded.merged_into
        where guest_known.version < excluded.version and guest_known.ended is distinct from 'erased'
        returning guest_id
        """,
        [chunk["guest_id"], chunk["version"], chunk["into_guest_id"]],
    )
    return sorted(guest for (guest,) in rows)


def revive(tx: Tx, guest_id: UUID, version: int) -> bool:
    """The guest is merged no more; False where they are erased, or were merged again since."""
    statement = """
        insert into guest_known (guest_id, version) values (%s, %s)
        on conflict (guest_id) do update
        set version = greatest(guest_known.version, excluded.version), ended = null, merged_into = null
        where guest_known.ended is null or guest_known.ended = 'merged' and guest_known.version <= excluded.version
    """
    return tx.execute(statement, [guest_id, version]).rowcount > 0


def erased_among(tx: Tx, guests: Collection[str]) -> set[UUID]:
    """Those of these guests who are erased."""
    query = "select guest_id from guest_known where ended = 'erased' and guest_id = any(%s::uuid[])"
    return {guest for (guest,) in tx.execute(query, [list(guests)])}


def zones_of(tx: Tx, guests: Collection[str], hotels: Collection[str]) -> dict[str, str]:
    """By the number of a guest, and by the code of a hotel, where they are."""
    query = """
        select guest_id::text, zone from guest_known where guest_id = any(%s::uuid[]) and zone is not null
        union all
        select code, zone from property_known where code = any(%s)
    """
    return dict(tx.execute(query, [list(guests), list(hotels)]).fetchall())


def keep_properties(tx: Tx, chunk: Chunk) -> None:
    tx.execute(
        """
        insert into property_known (code, version, name, zone, currency)
        select distinct on (code) *
        from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
             as new (code, version, name, zone, currency)
        order by code, version desc
        on conflict (code) do update
        set version = excluded.version, name = excluded.name, zone = excluded.zone, currency = excluded.currency
        where property_known.version < excluded.version
           or property_known.version = excluded.version and property_known.currency is null
        """,
        [chunk[name] for name in ("code", "version", "name", "zone", "currency")],
    )


def inside_of(tx: Tx, guests: Sequence[UUID], segments: Sequence[str]) -> set[tuple[UUID, str]]:
    rows = tx.execute(
        "select guest_id, segment from audience_member where guest_id = any(%s) and segment = any(%s) and inside",
        [list(guests), list(segments)],
    )
    return {(guest, segment) for guest, segment in rows}


def inside_known(tx: Tx, segment: str) -> int:
    """How many guests campaigns knows to be in an audience; it knows of those in use only."""
    row = tx.execute("select count(*) from audience_member where segment = %s and inside", [segment]).fetchone()
    assert row is not None
    count: int = row[0]
    return count
