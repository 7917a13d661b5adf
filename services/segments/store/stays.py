"""Stays, loaded and saved in sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from operator import attrgetter
from uuid import UUID

from services.segments.rules.stays import Stay
from services.segments.store.sets import columns
from shared.database import Tx

TYPES = {
    "id": "uuid", "version": "bigint", "source": "text", "property": "text", "reservation": "text",
    "guest_id": "uuid", "zone": "text", "status": "text", "booked_on": "date", "booked_at": "timestamptz",
    "arrival": "date", "departure": "date", "nights": "int", "checked_in_at": "timestamptz",
    "checked_out_at": "timestamptz", "checked_out_on": "date", "ended_at": "timestamptz", "ended_on": "date",
    "adults": "int", "children": "int", "channel": "text", "market_segment": "text", "room_type": "text",
    "rate_plan": "text", "rate": "numeric", "revenue": "numeric", "currency": "text", "lead_days": "int",
    "muted": "bool", "row_hash": "bytea", "changed_at": "timestamptz",
}  # fmt: skip
NAMES = tuple(field.name for field in fields(Stay))
VALUES = attrgetter(*NAMES)
LOAD = f"select {', '.join(NAMES)} from stay where id = any(%s) order by id for update"
SAVE = f"""
    insert into stay ({", ".join(NAMES)})
    select * from unnest({", ".join(f"%({name})s::{TYPES[name]}[]" for name in NAMES)})
    on conflict (id) do update
    set ({", ".join(NAMES[1:])}) = ({", ".join(f"excluded.{name}" for name in NAMES[1:])})
"""


def load_stays(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Stay]:
    """The known ones of these stays, locked."""
    return {stay.id: stay for stay in tx.rows(Stay, LOAD, [list(ids)])}


def save_stays(tx: Tx, stays: Sequence[Stay]) -> None:
    """Add new stays and overwrite those locked before."""
    values = columns(NAMES, map(VALUES, stays))
    for name in ("rate", "revenue"):  # as text, which the quick way into an array takes
        values[name] = [None if amount is None else str(amount) for amount in values[name]]
    values["row_hash"] = [f"\\x{digest.hex()}" for digest in values["row_hash"]]
    tx.execute(SAVE, values)


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
