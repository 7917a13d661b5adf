"""Addresses and numbers that people took from a guest: no import brings them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


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
    query = """
        select point from unnest(%s::text[]) with ordinality as each (point, place)
        where exists (select from contact_point as known where known.point = each.point)
           or exists (select from removed_point as gone where gone.point = each.point)
        order by place limit 1
    """
    row = tx.execute(query, [list(indexes)]).fetchone()
    return row[0] if row else None


def owners_of(tx: Tx, point: str) -> list[UUID]:
    query = "select guest_id from guest_point where point = %s order by guest_id"
    return [guest for (guest,) in tx.execute(query, [point])]


def channel_of(tx: Tx, guest_id: UUID, point: str) -> str | None:
    """Of a point that the guest has."""
    query = "select channel from guest_point where guest_id = %s and point = %s"
    row = tx.execute(query, [guest_id, point]).fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class Judged:
    """What a contact point is held to be."""

    kind: str
    fault: str | None
    channel: str
    address: Sealed


def lock_point(tx: Tx, point: str) -> Judged | None:
    query = "select kind, fault, channel, address_sealed as address from contact_point where point = %s for update"
    found = tx.rows(Judged, query, [point])
    return found[0] if found else None


def set_class(tx: Tx, point: str, kind: str, fault: str | None, guests: int) -> None:
    statement = "update contact_point set kind = %s, fault = %s, guests = %s where point = %s"
    tx.execute(statement, [kind, fault, guests, point])


def drop_point(tx: Tx, point: str) -> None:
    """A contact point that nobody has."""
    tx.execute("delete from contact_point where point = %s", [point])


def add_by_hand(
    tx: Tx, guest_id: UUID, point: str, channel: str, address: Sealed, kind: str, fault: str | None, at: datetime
) -> bool:
    """Adds a point to a guest; False where they have it already."""
    tx.execute(
        """
        insert into contact_point (point, channel, address_sealed, kind, fault) values (%s, %s, %s, %s, %s)
        on conflict do nothing
        """,
        [point, channel, address, kind, fault],
    )
    statement = """
        insert into guest_point (guest_id, point, channel, stay_id, said_at, source_ref, by_hand)
        values (%s, %s, %s, null, %s, 'corrected', true) on conflict do nothing
    """
    return tx.execute(statement, [guest_id, point, channel, at]).rowcount == 1
