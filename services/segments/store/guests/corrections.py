"""The history of corrections, and the keys that they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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


def keep_correction(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into guest_correction
            (guest_id, at, field, was, became, was_sealed, became_sealed, taken_back, by_whom, by_role)
        values (%(guest)s, %(at)s, %(field)s, %(was)s, %(became)s, %(was_sealed)s, %(became_sealed)s, %(back)s, %(by)s,
                %(role)s)
        """,
        {"was": None, "became": None, "was_sealed": None, "became_sealed": None, **params},
    )


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
