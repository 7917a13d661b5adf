"""Objections of erased guests, as keyed hashes of contact points by legal entity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class EntityPoint:
    """A guest's contact point with the legal entities that the guest is known to; `purposes`: suppressed there."""

    guest_id: UUID
    channel: str
    point: str
    address_sealed: Sealed
    forms_sealed: Sealed | None
    entities: list[str]
    purposes: list[str]


def any_there(tx: Tx) -> bool:
    row = tx.execute("select exists (select from erased_objection)").fetchone()
    return row is not None and bool(row[0])


def points_of(tx: Tx, guests: Sequence[UUID | str]) -> list[EntityPoint]:
    """Points that are somebody's own. A guest of no hotel is known to every legal entity."""
    return tx.rows(
        EntityPoint,
        """
        select mine.guest_id, mine.channel, mine.point, mine.address_sealed, mine.forms_sealed,
               coalesce(nullif(array(
                   select distinct legal_entity from property_known
                   where code in (select property from stay_known where stay_known.guest_id = mine.guest_id
                                  union select home_property from recipient where guest_id = mine.guest_id)
                   order by 1), '{}'), array(select distinct legal_entity from property_known order by 1)) as entities,
               array(select purpose from suppression
                     where (suppression.channel, suppression.point) = (mine.channel, mine.point) order by 1) as purposes
        from channel_point as mine
        where mine.guest_id = any(%s::uuid[]) and mine.kind = 'personal'
        order by mine.guest_id, mine.rank
        """,
        [list(guests)],
    )


def add(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into erased_objection (hash, channel, purpose, since)
        select distinct on (hash, purpose) hash, channel, purpose, %(since)s::timestamptz
        from unnest(%(hash)s::text[], %(channel)s::text[], %(purpose)s::text[]) as said (hash, channel, purpose)
        order by hash, purpose
        on conflict do nothing
        """,
        params,
    )


def since_by_hash(tx: Tx, hashes: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """By hash the purposes objected to, each since when."""
    found: dict[str, list[tuple[str, datetime]]] = {}
    query = "select hash, purpose, since from erased_objection where hash = any(%s) order by hash, purpose"
    for known, purpose, since in tx.execute(query, [list(hashes)]):
        found.setdefault(known, []).append((purpose, since))
    return found


def suppress(tx: Tx, params: Mapping[str, Any]) -> None:
    """The objections hold for these contact points again."""
    tx.execute(
        """
        insert into suppression (channel, point, purpose, source, since)
        select distinct on (channel, point, purpose) channel, point, purpose, 'erasure', since
        from unnest(%(channel)s::text[], %(point)s::text[], %(purpose)s::text[], %(since)s::timestamptz[])
            as said (channel, point, purpose, since)
        order by channel, point, purpose, since
        on conflict do nothing
        """,
        params,
    )


def express_since(tx: Tx, guests: Sequence[UUID | str]) -> dict[tuple[UUID, str, str], datetime]:
    """By guest, channel and purpose the instant of the express consent that stands."""
    query = """
        select guest_id, channel, purpose, said_at from consent
        where guest_id = any(%s::uuid[]) and state = 'express'
    """
    return {(guest, channel, purpose): at for guest, channel, purpose, at in tx.execute(query, [list(guests)])}


def lift(tx: Tx, hashes: Collection[str], purposes: Collection[str]) -> None:
    tx.execute(
        "delete from erased_objection where hash = any(%s) and purpose = any(%s)", [list(hashes), list(purposes)]
    )


def lift_suppression(tx: Tx, points: Collection[str], purposes: Collection[str]) -> None:
    """What an erasure suppressed on these contact points; what a guest objected to by a word of their own stays."""
    tx.execute(
        "delete from suppression where point = any(%s) and purpose = any(%s) and source = 'erasure'",
        [list(points), list(purposes)],
    )
