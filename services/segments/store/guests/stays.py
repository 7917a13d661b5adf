"""Stays, loaded and saved in sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from services.segments.rules.reservations import StayKey
from services.segments.rules.stays import Stay
from services.segments.store.sets import columns, copy_new
from shared.database.pool import Tx
from shared.rows import row

TYPES = {
    "id": "uuid", "version": "bigint", "source": "text", "property": "text", "reservation": "text",
    "guest_id": "uuid", "zone": "text", "status": "text", "booked_on": "date", "booked_at": "timestamptz",
    "arrival": "date", "departure": "date", "nights": "integer", "checked_in_at": "timestamptz",
    "checked_out_at": "timestamptz", "checked_out_on": "date", "ended_at": "timestamptz", "ended_on": "date",
    "adults": "integer", "children": "integer", "channel": "text", "market_segment": "text", "room_type": "text",
    "rate_plan": "text", "rate": "numeric", "revenue": "numeric", "currency": "text", "lead_days": "integer",
    "muted": "bool", "row_hash": "bytea", "changed_at": "timestamptz", "again_of": "uuid", "told_birth": "bool",
    "companions": "text",
    "company": "text", "company_id": "uuid",
}  # fmt: skip
NAMES = tuple(field.name for field in fields(Stay))
VALUES = attrgetter(*NAMES)
LOAD = f"select {', '.join(NAMES)} from stay where id = any(%s) order by id for update"
CHANGE = f"""
    update stay
    set ({", ".join(NAMES[1:])}) = ({", ".join(f"t.{name}" for name in NAMES[1:])})
    from unnest({", ".join(f"%({name})s::{TYPES[name]}[]" for name in NAMES)}) as t ({", ".join(NAMES)})
    where stay.id = t.id
"""


LOAD_NUMBERS = f"""
    select {", ".join(NAMES)} from stay
    where id = any(%(numbers)s::uuid[] || array(select id from stay where again_of = any(%(numbers)s)))
    order by id for update
"""


@row
class LeftRow:
    """The row by which a stay was told for a guest it left. `number`: the id of the first stay of its number."""

    number: UUID
    row_hash: bytes
    stay_id: UUID
    guest_id: UUID


def load_numbers(tx: Tx, numbers: Collection[UUID]) -> list[Stay]:
    """All stays of these numbers, locked: the first one of each, then the later ones as they were booked."""
    found = tx.rows(Stay, LOAD_NUMBERS, {"numbers": list(numbers)})
    return sorted(found, key=lambda stay: (stay.again_of is not None, stay.booked_at, stay.id))


def load_left(tx: Tx, numbers: Collection[UUID]) -> dict[tuple[UUID, bytes], UUID]:
    """By number and row the guest whom a stay of these numbers left."""
    rows = tx.execute("select number, row_hash, guest_id from stay_left where number = any(%s)", [list(numbers)])
    return {(number, row_hash): guest_id for number, row_hash, guest_id in rows}


def add_left(tx: Tx, left: Sequence[LeftRow], at: datetime) -> None:
    types = {"number": "uuid", "row_hash": "bytea", "stay_id": "uuid", "guest_id": "uuid", "left_at": "timestamptz"}
    copy_new(tx, "stay_left", types, [(one.number, one.row_hash, one.stay_id, one.guest_id, at) for one in left])


def load_stays(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Stay]:
    """The known ones of these stays, locked."""
    return {stay.id: stay for stay in tx.rows(Stay, LOAD, [list(ids)])}


def add_stays(tx: Tx, stays: Sequence[Stay]) -> None:
    copy_new(tx, "stay", TYPES, list(map(VALUES, stays)))


def change_stays(tx: Tx, stays: Sequence[Stay]) -> None:
    """Overwrite stays that are locked."""
    if not stays:
        return
    values = columns(NAMES, map(VALUES, stays))
    for name in ("rate", "revenue"):  # as text, which the quick way into an array takes
        values[name] = [None if amount is None else str(amount) for amount in values[name]]
    values["row_hash"] = [f"\\x{digest.hex()}" for digest in values["row_hash"]]
    tx.execute(CHANGE, values)


def move_stays(tx: Tx, stays: Sequence[Stay]) -> None:
    """Write what became of stays that are locked: status, its instants, version."""
    statement = """
        update stay
        set version = t.version, status = t.status, checked_in_at = t.checked_in_at,
            checked_out_at = t.checked_out_at, checked_out_on = t.checked_out_on, ended_at = t.ended_at,
            ended_on = t.ended_on, changed_at = t.changed_at
        from unnest(%(id)s::uuid[], %(version)s::bigint[], %(status)s::text[], %(checked_in_at)s::timestamptz[],
                    %(checked_out_at)s::timestamptz[], %(checked_out_on)s::date[], %(ended_at)s::timestamptz[],
                    %(ended_on)s::date[], %(changed_at)s::timestamptz[])
             as t(id, version, status, checked_in_at, checked_out_at, checked_out_on, ended_at, ended_on, changed_at)
        where stay.id = t.id
    """
    names = (
        "id", "version", "status", "checked_in_at", "checked_out_at", "checked_out_on", "ended_at", "ended_on",
        "changed_at",
    )  # fmt: skip
    tx.execute(statement, columns(names, [tuple(getattr(stay, name) for name in names) for stay in stays]))


SOURCES = """
    with recursive pair as (
        (select source, property from stay order by source, property limit 1)
        union all
        select s.source, s.property from pair, lateral (
            select source, property from stay
            where (source, property) > (pair.source, pair.property)
            order by source, property limit 1
        ) as s
    )
    select source, property from pair
"""


def ids_under(tx: Tx, numbers: Collection[str]) -> list[UUID]:
    """The ids of the first stays that these numbers have, at each source and hotel there is: an index of the pairs is
    stepped over, and nobody keeps one of all numbers."""
    pairs = tx.execute(SOURCES).fetchall()
    return [StayKey(source, hotel, number).stay_id() for source, hotel in pairs for number in numbers]
