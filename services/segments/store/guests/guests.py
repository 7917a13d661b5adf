"""Guests, loaded and saved in sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from services.segments.rules.people.guests import Guest
from services.segments.store.sets import columns, copy_new
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.errors import NotFound

IDENTITY = 7_301_001  # rows of reservations are resolved one after another, whoever brings them


def await_turn(tx: Tx) -> None:
    """Wait until nobody else resolves reservations; holds until the transaction ends."""
    tx.execute("select pg_advisory_xact_lock(%s)", [IDENTITY])


GUEST = """
    select id, version, title, given_name, family_name, birth_date, language, country, home_zone, home_property, tier,
           first_said_at, first_reservation, said, heard, also_known
    from guest
"""


def load_guests(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Guest]:
    """These guests, locked; without those merged away or erased."""
    query = f"""
        {GUEST} where id = any(%s) and merged_into is null and erased_at is null order by id for update
    """
    rows = tx.rows(Guest, query, [list(ids)])
    return {guest.id: guest for guest in rows}


def of_hotels(tx: Tx, ids: Collection[UUID], scope: Scope) -> set[UUID]:
    """Those of these guests who are at home in these hotels, or stayed there or will."""
    query = f"""
        select g.id from guest g
        where g.id = any(%(ids)s) and ({within("g.home_property")} or exists (
            select from stay s where s.guest_id = g.id and {within("s.property")}))
    """
    return {guest for (guest,) in tx.execute(query, {"ids": list(ids), **scope.values})}


def read_guest(tx: Tx, guest_id: UUID) -> Guest:
    """A guest as they stand, to be shown. Raises `NotFound`."""
    found = tx.rows(Guest, GUEST + "where id = %s and merged_into is null and erased_at is null", [guest_id])
    if not found:
        raise NotFound("There is no such guest.")
    return found[0]


def lock_guests(tx: Tx, ids: Collection[UUID]) -> None:
    """Lock guests, so that what is known of each is counted by one transaction at a time."""
    tx.execute("select 1 from guest where id = any(%s) order by id for update", [list(ids)])


TYPES = {
    "id": "uuid", "version": "bigint", "title": "text", "given_name": "text", "family_name": "text",
    "birth_date": "date", "language": "text", "country": "text", "home_zone": "text", "home_property": "text",
    "tier": "text", "first_said_at": "timestamptz", "first_reservation": "text", "said": "jsonb",
}  # fmt: skip
NAMES = tuple(TYPES)
VALUES = attrgetter(*NAMES)
CHANGED = {**TYPES, "heard": "jsonb"}  # nothing of a new guest is corrected


def add_guests(tx: Tx, guests: Sequence[Guest], at: datetime) -> None:
    types = {**TYPES, "created_at": "timestamptz", "changed_at": "timestamptz"}
    copy_new(tx, "guest", types, [(*VALUES(guest)[:-1], Jsonb(guest.said, orjson.dumps), at, at) for guest in guests])


def change_guests(tx: Tx, guests: Sequence[Guest], at: datetime) -> None:
    """Write profiles and versions; the rows are locked."""
    statement = f"""
        update guest
        set version = t.version, title = t.title, given_name = t.given_name, family_name = t.family_name,
            birth_date = t.birth_date, language = t.language, country = t.country, home_zone = t.home_zone,
            home_property = t.home_property, tier = t.tier, said = t.said, heard = t.heard, changed_at = %(at)s
        from unnest({", ".join(f"%({name})s::{type}[]" for name, type in CHANGED.items())}) as t ({", ".join(CHANGED)})
        where guest.id = t.id
    """
    values = columns(tuple(CHANGED), map(attrgetter(*CHANGED), guests))
    values["said"] = [orjson.dumps(said).decode() for said in values["said"]]
    values["heard"] = [orjson.dumps(heard).decode() if heard else None for heard in values["heard"]]
    tx.execute(statement, {**values, "at": at})


def next_versions(tx: Tx, ids: Collection[UUID], at: datetime) -> None:
    """One version further; the rows are locked."""
    tx.execute("update guest set version = version + 1, changed_at = %s where id = any(%s)", [at, list(ids)])
