"""Points and tiers, as loyalty programmes tell them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.database.pool import Tx
from shared.ids import make_id


@dataclass(frozen=True)
class Loyalty:
    """How a guest stands in a programme as of an instant. None: not told."""

    guest_id: UUID
    programme: str | None
    number: str | None
    tier: str | None
    points: Decimal | None
    as_of: datetime


def loyalty_of(tx: Tx, guests: Collection[UUID]) -> dict[UUID, Loyalty]:
    """By guest what counts: the newest. Guests of whom nothing was told are missing."""
    query = """
        select distinct on (guest_id) guest_id, programme, number, tier, points, as_of
        from loyalty where guest_id = any(%s) order by guest_id, as_of desc, told_at desc, id
    """
    return {one.guest_id: one for one in tx.rows(Loyalty, query, [list(guests)])}


def save(tx: Tx, new: Loyalty, by: str, at: datetime) -> None:
    """In place of what was told of this guest before; what was told of somebody merged into them stays beside it."""
    statement = """
        insert into loyalty (id, guest_id, programme, number, tier, points, as_of, told_at, told_by)
        values (%(id)s, %(guest_id)s, %(programme)s, %(number)s, %(tier)s, %(points)s, %(as_of)s, %(at)s, %(by)s)
        on conflict (id) do update
        set guest_id = excluded.guest_id, programme = excluded.programme, number = excluded.number,
            tier = excluded.tier, points = excluded.points, as_of = excluded.as_of, told_at = excluded.told_at,
            told_by = excluded.told_by
    """
    tx.execute(statement, {**vars(new), "id": make_id("loyalty", new.guest_id), "by": by, "at": at})
