"""Dashboards, as their owners and those they are shared with find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from services.console.rules.dashboards import Tile
from shared.database.pool import Tx
from shared.vocabulary.window import Span


@dataclass(frozen=True)
class Dashboard:
    """`shared_with`: roles; none: the owner's alone."""

    dashboard_id: UUID
    version: int
    name: str
    owner_id: UUID
    owner: str
    shared_with: Sequence[str]
    tiles: Sequence[Tile]


FIELDS = ", ".join(Dashboard.__dataclass_fields__)
SEEN = "(owner_id = %(person)s or %(role)s = any(shared_with))"


def seen_by(tx: Tx, person: UUID, role: str) -> list[Dashboard]:
    """Their own first."""
    query = f"select {FIELDS} from dashboard where {SEEN} order by owner_id <> %(person)s, lower(name), dashboard_id"
    return [_read(row) for row in tx.execute(query, {"person": person, "role": role})]


def one_seen_by(tx: Tx, dashboard_id: UUID, person: UUID, role: str) -> Dashboard | None:
    query = f"select {FIELDS} from dashboard where dashboard_id = %(id)s and {SEEN}"
    row = tx.execute(query, {"id": dashboard_id, "person": person, "role": role}).fetchone()
    return _read(row) if row else None


def add(tx: Tx, new: Dashboard, at: datetime) -> None:
    statement = f"""
        insert into dashboard ({FIELDS}, changed_at, changed_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict do nothing
    """
    values = [new.dashboard_id, new.version, new.name, new.owner_id, new.owner, list(new.shared_with)]
    tx.execute(statement, [*values, _written(new.tiles), at, new.owner])


def change(tx: Tx, new: Dashboard, at: datetime, by: str) -> bool:
    """Whether it still was of the version that `new` was made of."""
    statement = """
        update dashboard set version = version + 1, name = %s, shared_with = %s, tiles = %s, changed_at = %s,
            changed_by = %s
        where dashboard_id = %s and version = %s
    """
    values = [new.name, list(new.shared_with), _written(new.tiles), at, by, new.dashboard_id, new.version]
    return tx.execute(statement, values).rowcount > 0


def drop(tx: Tx, dashboard_id: UUID) -> None:
    tx.execute("delete from dashboard where dashboard_id = %s", [dashboard_id])


def _written(tiles: Sequence[Tile]) -> Jsonb:
    return Jsonb([{"figure": one.figure, "cut": one.cut, "value": one.value, "span": str(one.span)} for one in tiles])


def _read(row: tuple[Any, ...]) -> Dashboard:
    number, version, name, owner_id, owner, shared_with, tiles = row
    found = [Tile(one["figure"], one["cut"], one["value"], Span(one["span"])) for one in tiles]
    return Dashboard(number, version, name, owner_id, owner, shared_with, [one for one in found if one.is_sound])
