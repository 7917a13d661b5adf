"""What is predicted of each guest: kept in sets, and whom the difference carries across a border of a rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from services.segments.store.evaluation.statement import array
from shared.database.pool import Tx


class Scored(NamedTuple):
    """None where it is not known: `alive` of who came once, `worth` (in the reporting currency) of whom no amount is
    known, `month` where none stands out."""

    guest_id: UUID
    property: str
    alive: float | None
    visits: float
    worth: float | None
    month: int | None


@dataclass(frozen=True)
class Predicted:
    """Of one guest. `rate`: from the reporting currency to the hotel's, None where none is known."""

    as_of: date
    alive: Decimal | None
    visits: Decimal
    worth: Decimal | None
    month: int | None
    currency: str | None
    rate: Decimal | None

    @property
    def worth_there(self) -> Decimal | None:
        """In the currency of the hotel of the last visit."""
        return None if self.worth is None or self.rate is None else self.worth * self.rate


class Border(NamedTuple):
    """A value with which some rule compares a column; one that asks whether it is known compares with nought."""

    column: str
    value: Decimal


COLUMNS = ("alive", "visits", "worth", "month")


def keep_scored(tx: Tx, as_of: date, scored: Sequence[Scored], borders: Collection[Border]) -> list[UUID]:
    """Keeps these; returns who lies on another side of a border by it. Nothing is kept of whoever was erased or merged
    away meanwhile, or objects."""
    values = {
        "as_of": as_of,
        "guests": array(one.guest_id for one in scored),
        **{name: [getattr(one, name) for one in scored] for name in ("property", *COLUMNS)},
        "columns": [one.column for one in borders],
        "values": [one.value for one in borders],
    }
    return [guest for (guest,) in tx.execute(KEEP, values)]


def forget_older(tx: Tx, as_of: date, most: int) -> list[UUID]:
    """Of whom nothing is predicted any more."""
    query = """
        delete from guest_prediction where guest_id = any(array(
            select guest_id from guest_prediction where as_of < %s order by guest_id limit %s))
        returning guest_id
    """
    return [guest for (guest,) in tx.execute(query, [as_of, most])]


def forget(tx: Tx, guest_id: UUID) -> None:
    tx.execute("delete from guest_prediction where guest_id = %s", [guest_id])


def predicted_of(tx: Tx, guest_id: UUID) -> Predicted | None:
    query = """
        select q.as_of, q.alive, q.visits, q.worth, q.month, h.currency, h.rate
        from guest_prediction q left join prediction_hotel h on h.as_of = q.as_of and h.property = q.property
        where q.guest_id = %s
    """
    found = tx.rows(Predicted, query, [guest_id])
    return found[0] if found else None


def _other_side(column: str) -> str:
    return f"""
        b.name = '{column}' and (
            (o.{column} >= b.value) is distinct from (n.{column} >= b.value)
            or (o.{column} > b.value) is distinct from (n.{column} > b.value))
    """


KEEP = f"""
    with new as materialized (
        select n.guest_id, n.property, n.alive::numeric(5, 4) as alive, n.visits::numeric(8, 3) as visits,
            n.worth::numeric(14, 2) as worth, n.month
        from unnest(%(guests)s::uuid[], %(property)s::text[], %(alive)s::float8[], %(visits)s::float8[],
            %(worth)s::float8[], %(month)s::smallint[]) as n (guest_id, property, alive, visits, worth, month)
        join guest g on g.id = n.guest_id
        where g.merged_into is null and g.erased_at is null and cardinality(g.rights) = 0
    ),
    moved as materialized (
        select n.guest_id from new n left join guest_prediction o using (guest_id)
        where exists (
            select from unnest(%(columns)s::text[], %(values)s::numeric[]) as b (name, value)
            where {" or ".join(map(_other_side, COLUMNS))}
        )
    ),
    kept as (
        insert into guest_prediction (guest_id, as_of, property, alive, visits, worth, month)
        select guest_id, %(as_of)s, property, alive, visits, worth, month from new order by guest_id
        on conflict (guest_id) do update set as_of = excluded.as_of, property = excluded.property,
            alive = excluded.alive, visits = excluded.visits, worth = excluded.worth, month = excluded.month
    )
    select guest_id from moved order by guest_id
"""
