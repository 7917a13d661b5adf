"""Whose it is, of which programs tell: guests and stays as they stand, of the hotels that the program may tell of."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx


def guests_now(tx: Tx, ids: Collection[UUID], scope: Scope) -> dict[UUID, UUID]:
    """By these numbers who it is now: a merged guest is whom they became; one who was erased is nobody."""
    query = f"""
        select old.id, g.id from guest old join guest g on g.id = coalesce(old.merged_into, old.id)
        where old.id = any(%(ids)s::uuid[]) and g.erased_at is null and {GUEST_SEEN}
    """
    return dict(tx.execute(query, {"ids": list(ids), **scope.values}).fetchall())


def stays_among(tx: Tx, ids: Collection[UUID], scope: Scope) -> set[UUID]:
    """Those of these numbers that are stays of somebody."""
    query = f"""
        select s.id from stay s join guest g on g.id = s.guest_id
        where s.id = any(%(ids)s::uuid[]) and g.erased_at is null and {STAY_SEEN}
    """
    return {stay for (stay,) in tx.execute(query, {"ids": list(ids), **scope.values})}
