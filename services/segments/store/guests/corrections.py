"""The history of corrections, and the keys that they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from services.segments.store.sets import columns
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Correction:
    """One line of the history. `field`: a `Field`, or a channel, whose values are sealed."""

    at: datetime
    field: str
    was: str | None
    became: str | None
    was_sealed: Sealed | None
    became_sealed: Sealed | None
    taken_back: bool
    by_whom: str
    by_role: str


@dataclass(frozen=True)
class Corrected:
    """What is kept of a correction, beside who made it and when."""

    guest_id: UUID
    field: str
    was: str | None = None
    became: str | None = None
    was_sealed: Sealed | None = None
    became_sealed: Sealed | None = None
    taken_back: bool = False


def keep_corrections(tx: Tx, lines: Sequence[Corrected], by: str, role: str, at: datetime) -> None:
    statement = """
        insert into guest_correction
            (guest_id, at, field, was, became, was_sealed, became_sealed, taken_back, by_whom, by_role)
        select guest_id, %(at)s, field, was, became, was_sealed, became_sealed, taken_back, %(by)s, %(role)s
        from unnest(%(guest_id)s::uuid[], %(field)s::text[], %(was)s::text[], %(became)s::text[],
                    %(was_sealed)s::text[], %(became_sealed)s::text[], %(taken_back)s::bool[])
             with ordinality as t (guest_id, field, was, became, was_sealed, became_sealed, taken_back, place)
        order by place
    """
    values = columns(CORRECTED, map(attrgetter(*CORRECTED), lines))
    tx.execute(statement, {**values, "at": at, "by": by, "role": role})


CORRECTED = tuple(Corrected.__dataclass_fields__)


def corrections_of(tx: Tx, guest_id: UUID) -> list[Correction]:
    """The latest first."""
    query = """
        select at, field, was, became, was_sealed, became_sealed, taken_back, by_whom, by_role
        from guest_correction where guest_id = %s order by id desc limit 200
    """
    return tx.rows(Correction, query, [guest_id])


def change_key(tx: Tx, guest_id: UUID, *, was: str | None, key: str | None) -> None:
    """The guest is found under `key` too, and no longer under `was`."""
    if was is not None:
        tx.execute("delete from guest_key where guest_id = %s and key = %s", [guest_id, was])
    if key is not None:
        tx.execute("insert into guest_key (key, guest_id) values (%s, %s) on conflict do nothing", [key, guest_id])
