"""Addresses and numbers that people took from a guest: no import brings them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from services.segments.store.sets import columns
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row


@dataclass(frozen=True)
class Removed:
    point: str
    channel: str
    address: Sealed
    removed_at: datetime
    removed_by: str


def load_removed(tx: Tx, points: Collection[str]) -> dict[str, set[UUID]]:
    """By contact point, who no longer has it."""
    query = "select point, array_agg(guest_id) from removed_point where point = any(%s) group by point"
    return {point: set(guests) for point, guests in tx.execute(query, [list(points)])}


def removed_of(tx: Tx, guest_id: UUID) -> list[Removed]:
    query = """
        select point, channel, address_sealed as address, removed_at, removed_by from removed_point
        where guest_id = %s order by removed_at desc, point
    """
    return tx.rows(Removed, query, [guest_id])


def remove(tx: Tx, guest_id: UUID, point: str, by: str, at: datetime) -> Sealed | None:
    """Takes a point from a guest; its sealed address, None where the guest does not have it."""
    row = tx.execute(
        """
        with taken as (
            delete from guest_point where guest_id = %(guest)s and point = %(point)s returning point, channel
        )
        insert into removed_point (point, guest_id, channel, address_sealed, removed_at, removed_by)
        select point, %(guest)s, taken.channel, address_sealed, %(at)s, %(by)s
        from taken join contact_point using (point)
        on conflict (point, guest_id) do update set removed_at = excluded.removed_at, removed_by = excluded.removed_by
        returning address_sealed
        """,
        {"guest": guest_id, "point": point, "at": at, "by": by},
    ).fetchone()
    return Sealed(row[0]) if row else None


def forget_removal(tx: Tx, guest_id: UUID, point: str) -> Removed | None:
    found = tx.rows(
        Removed,
        """
        delete from removed_point where guest_id = %s and point = %s
        returning point, channel, address_sealed as address, removed_at, removed_by
        """,
        [guest_id, point],
    )
    return found[0] if found else None


def known_point(tx: Tx, indexes: Sequence[str]) -> str | None:
    """The first of these indexes by which an address is known, also as one that was removed."""
    known = known_among(tx, indexes)
    return next((index for index in indexes if index in known), None)


def known_among(tx: Tx, indexes: Collection[str]) -> set[str]:
    """Those of these indexes by which an address is known, also as one that was removed."""
    query = """
        select point from unnest(%s::text[]) as each (point)
        where exists (select from contact_point as known where known.point = each.point)
           or exists (select from removed_point as gone where gone.point = each.point)
    """
    return {point for (point,) in tx.execute(query, [list(indexes)])}


def owners_of(tx: Tx, points: Collection[str]) -> dict[str, list[UUID]]:
    """By contact point, who has it; those that nobody has are missing."""
    query = """
        select point, array_agg(guest_id order by guest_id) from guest_point where point = any(%s) group by point
    """
    return dict(tx.execute(query, [list(points)]).fetchall())


def channel_of(tx: Tx, guest_id: UUID, point: str) -> str | None:
    """Of a point that the guest has."""
    query = "select channel from guest_point where guest_id = %s and point = %s"
    row = tx.execute(query, [guest_id, point]).fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class Judged:
    """What a contact point is held to be. `guests`: how many it counts."""

    kind: str
    fault: str | None
    guests: int
    channel: str
    address: Sealed


def lock_points(tx: Tx, points: Collection[str]) -> dict[str, Judged]:
    query = """
        select point, kind, fault, guests, channel, address_sealed from contact_point
        where point = any(%s) order by point for update
    """
    return {
        point: Judged(kind, fault, guests, channel, Sealed(address))
        for point, kind, fault, guests, channel, address in tx.execute(query, [sorted(points)])
    }


def set_classes(tx: Tx, rows: Collection[tuple[str, str, str | None, int]]) -> None:
    """Of each point the class, the fault and how many guests have it."""
    statement = """
        update contact_point p set kind = t.kind, fault = t.fault, guests = t.guests
        from unnest(%(point)s::text[], %(kind)s::text[], %(fault)s::text[], %(guests)s::int[])
             as t (point, kind, fault, guests)
        where p.point = t.point
    """
    tx.execute(statement, columns(("point", "kind", "fault", "guests"), rows))


def drop_points(tx: Tx, points: Collection[str]) -> None:
    """Contact points that nobody has."""
    tx.execute("delete from contact_point where point = any(%s)", [list(points)])


@row
class ByHand:
    """A contact point that a guest is to have."""

    guest_id: UUID
    point: str
    channel: str
    address: Sealed
    kind: str
    fault: str | None


def add_by_hand(tx: Tx, rows: Sequence[ByHand], at: datetime) -> set[tuple[UUID, str]]:
    """Adds points to guests; guest and point of those that they did not have yet."""
    values = columns(tuple(BY_HAND), map(attrgetter(*BY_HAND), rows))
    tx.execute(
        """
        insert into contact_point (point, channel, address_sealed, kind, fault)
        select distinct on (point) * from unnest(%(point)s::text[], %(channel)s::text[], %(address)s::text[],
                                                 %(kind)s::text[], %(fault)s::text[])
             as t (point, channel, address_sealed, kind, fault) order by point
        on conflict do nothing
        """,
        values,
    )
    statement = """
        insert into guest_point (guest_id, point, channel, stay_id, said_at, source_ref, by_hand)
        select distinct guest_id, point, channel, null::uuid, %(at)s::timestamptz, 'corrected', true
        from unnest(%(guest_id)s::uuid[], %(point)s::text[], %(channel)s::text[]) as t (guest_id, point, channel)
        on conflict do nothing returning guest_id, point
    """
    return set(tx.execute(statement, {**values, "at": at}).fetchall())


BY_HAND = ("guest_id", "point", "channel", "address", "kind", "fault")
