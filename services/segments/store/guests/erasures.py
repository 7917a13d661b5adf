"""Guests who are erased: their tombstones, and the keyed hashes by which their rows are known again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.store.guests.stays import ids_under
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row


@dataclass(frozen=True)
class Known:
    """What leads to a guest, read before it goes. `points`: channel and sealed address; `stays`: source, hotel, number
    and legal entity of each."""

    guest_id: UUID
    given_name: str
    family_name: str
    birth_date: date | None
    points: list[list[str]]
    stays: list[list[str]]


@row
class ErasedKey:
    hash: str
    kind: str
    guest_id: UUID
    erased_at: datetime


@dataclass(frozen=True)
class Erasure:
    """Of an erased guest: with what version and when."""

    guest_id: UUID
    version: int
    erased_at: datetime


def erased_among(tx: Tx, guests: Collection[str]) -> set[UUID]:
    """Those of these guests who are erased."""
    query = "select id from guest where erased_at is not null and id = any(%s::uuid[])"
    return {guest for (guest,) in tx.execute(query, [list(guests)])}


def is_erased(tx: Tx, guest_id: UUID) -> bool:
    return bool(erased_among(tx, [str(guest_id)]))


def same_guest(tx: Tx, guest_id: UUID) -> list[UUID]:
    """A guest and all who were merged with them, locked: the one they are now first. Empty: there is no such guest."""
    query = """
        with asked as (select coalesce(merged_into, id) as root from guest where id = %s)
        select id from guest, asked where id = root or merged_into = root
        order by id = root desc, id for update of guest
    """
    return [found for (found,) in tx.execute(query, [guest_id])]


def merged_groups(tx: Tx, guests: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Each of these living guests with themselves and all who were merged with them, locked."""
    query = """
        select coalesce(merged_into, id) as root, id from guest
        where (id = any(%(ids)s) or merged_into = any(%(ids)s)) and erased_at is null
        order by id for update
    """
    found: dict[UUID, list[UUID]] = {}
    for root, guest in tx.execute(query, {"ids": list(guests)}):
        found.setdefault(root, []).append(guest)
    return found


def erasures_of(tx: Tx, guests: Collection[UUID]) -> list[Erasure]:
    query = (
        "select id as guest_id, version, erased_at from guest where id = any(%s) and erased_at is not null order by id"
    )
    return tx.rows(Erasure, query, [list(guests)])


def known_of(tx: Tx, guests: Sequence[UUID]) -> list[Known]:
    return tx.rows(
        Known,
        """
        select id as guest_id, given_name, family_name, birth_date,
               coalesce((select json_agg(json_build_array(channel, address_sealed) order by point) from (
                             select theirs.channel, address_sealed, point
                             from guest_point as theirs join contact_point as place using (point)
                             where theirs.guest_id = guest.id and place.kind = 'personal'
                             union
                             select channel, address_sealed, point from removed_point where guest_id = guest.id
                         ) as every), '[]') as points,
               coalesce((select json_agg(json_build_array(source, property, reservation, legal_entity) order by stay.id)
                         from stay join property_known on code = property
                         where stay.guest_id = guest.id), '[]') as stays
        from guest where id = any(%s) order by id
        """,
        [list(guests)],
    )


def legal_entities(tx: Tx) -> list[str]:
    return [entity for (entity,) in tx.execute("select distinct legal_entity from property_known order by 1")]


def entity_of_hotels(tx: Tx) -> dict[str, str]:
    return dict(tx.execute("select code, legal_entity from property_known").fetchall())


def mark_erased(tx: Tx, guests: Sequence[UUID], at: datetime, reason: str) -> None:
    """Tombstones, also of those who are in no table: a database restored from before they came."""
    tx.execute(
        """
        insert into guest as known (id, version, given_name, family_name, home_zone, erased_at, erased_because,
                                    first_said_at, first_reservation, created_at, changed_at)
        select id, 1, '', '', 'UTC', %(at)s, %(reason)s, %(at)s, '', %(at)s, %(at)s
        from unnest(%(ids)s::uuid[]) as asked (id)
        order by id
        on conflict (id) do update
        set erased_at = excluded.erased_at, erased_because = excluded.erased_because, version = known.version + 1,
            changed_at = excluded.changed_at
        where known.erased_at is null
        """,
        {"ids": list(guests), "at": at, "reason": reason},
    )


def keep_keys(tx: Tx, keys: Sequence[ErasedKey]) -> None:
    tx.execute(
        """
        insert into erased_key (hash, kind, guest_id, erased_at)
        select distinct on (hash, guest_id) *
        from unnest(%(hash)s::text[], %(kind)s::text[], %(guest_id)s::uuid[], %(erased_at)s::timestamptz[])
        as said (hash, kind, guest_id, erased_at)
        order by hash, guest_id
        on conflict do nothing
        """,
        {name: [getattr(key, name) for key in keys] for name in ("hash", "kind", "guest_id", "erased_at")},
    )


def any_keys(tx: Tx) -> bool:
    found = tx.execute("select exists (select from erased_key)").fetchone()
    return found is not None and bool(found[0])


def keys_under(tx: Tx, hashes: Collection[str]) -> dict[str, ErasedKey]:
    """By hash the last erasure."""
    query = """
        select distinct on (hash) hash, kind, guest_id, erased_at from erased_key
        where hash = any(%s) order by hash, erased_at desc, guest_id
    """
    return {key.hash: key for key in tx.rows(ErasedKey, query, [list(hashes)])}


def leave_shared_points(tx: Tx, guests: Sequence[UUID]) -> None:
    """Addresses that others have too count these guests no more."""
    tx.execute(
        """
        update contact_point as place
        set guests = (select count(*) from guest_point as other
                      where other.point = place.point and other.guest_id <> all(%(guests)s))
        where kind = 'personal' and point in (select point from guest_point where guest_id = any(%(guests)s))
        """,
        {"guests": list(guests)},
    )


def count_of(tx: Tx, guests: Sequence[UUID]) -> tuple[int, int, int]:
    """How many stays, contact points and messages are known of these guests."""
    found = tx.execute(
        """
        select (select count(*) from stay where guest_id = any(%(guests)s)),
               (select count(*) from guest_point where guest_id = any(%(guests)s)),
               (select count(*) from message_known where guest_id = any(%(guests)s))
        """,
        {"guests": list(guests)},
    ).fetchone()
    assert found is not None
    return found[0], found[1], found[2]


def guests_on_points(tx: Tx, points: Collection[str]) -> list[UUID]:
    """Living guests with one of these contact points, by their blind index."""
    query = """
        select distinct guest_id from guest_point join guest on guest.id = guest_id
        where point = any(%s) and merged_into is null and erased_at is null order by 1
    """
    return [guest for (guest,) in tx.execute(query, [list(points)])]


def guests_of_reservation(tx: Tx, reservation: str) -> list[UUID]:
    query = """
        select distinct guest_id from stay join guest on guest.id = guest_id
        where (stay.id = any(%(ids)s) or again_of = any(%(ids)s)) and erased_at is null order by 1
    """
    return [guest for (guest,) in tx.execute(query, {"ids": ids_under(tx, [reservation])})]


def opened(tx: Tx, address: str) -> str:
    return tx.keyring.open(Sealed(address), Sealing.CONTACT)
