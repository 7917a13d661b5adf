"""Guests, loaded and saved in sets."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.rules.guests import Guest
from services.segments.store.sets import columns
from shared.database import Tx

IDENTITY = 7_301_001  # rows of reservations are resolved one after another, whoever brings them


def await_turn(tx: Tx) -> None:
    """Wait until nobody else resolves reservations; holds until the transaction ends."""
    tx.execute("select pg_advisory_xact_lock(%s)", [IDENTITY])


def load_guests(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Guest]:
    """These guests, locked; without those merged away or erased."""
    query = """
        select id, version, title, given_name, family_name, birth_date, language, country, home_zone, home_property,
               tier, first_said_at, first_reservation, said
        from guest
        where id = any(%s) and merged_into is null and erased_at is null
        order by id
        for update
    """
    rows = tx.rows(Guest, query, [list(ids)])
    return {guest.id: guest for guest in rows}


def lock_guests(tx: Tx, ids: Collection[UUID]) -> None:
    """Lock guests, so that what is known of each is counted by one transaction at a time."""
    tx.execute("select 1 from guest where id = any(%s) order by id for update", [list(ids)])


NAMES = (
    "id", "version", "title", "given_name", "family_name", "birth_date", "language", "country", "home_zone",
    "home_property", "tier", "first_said_at", "first_reservation", "said",
)  # fmt: skip
UNNESTED = """
    unnest(%(id)s::uuid[], %(version)s::bigint[], %(title)s::text[], %(given_name)s::text[], %(family_name)s::text[],
           %(birth_date)s::date[], %(language)s::text[], %(country)s::text[], %(home_zone)s::text[],
           %(home_property)s::text[], %(tier)s::text[], %(first_said_at)s::timestamptz[],
           %(first_reservation)s::text[], %(said)s::jsonb[])
    as t(id, version, title, given_name, family_name, birth_date, language, country, home_zone, home_property, tier,
         first_said_at, first_reservation, said)
"""


def add_guests(tx: Tx, guests: Sequence[Guest], at: datetime) -> None:
    statement = f"""
        insert into guest (id, version, title, given_name, family_name, birth_date, language, country, home_zone,
                           home_property, tier, first_said_at, first_reservation, said, created_at, changed_at)
        select t.*, %(at)s, %(at)s from {UNNESTED}
    """
    tx.execute(statement, {**_columns(guests), "at": at})


def change_guests(tx: Tx, guests: Sequence[Guest], at: datetime) -> None:
    """Write profiles and versions; the rows are locked."""
    statement = f"""
        update guest
        set version = t.version, title = t.title, given_name = t.given_name, family_name = t.family_name,
            birth_date = t.birth_date, language = t.language, country = t.country, home_zone = t.home_zone,
            home_property = t.home_property, tier = t.tier, said = t.said, changed_at = %(at)s
        from {UNNESTED}
        where guest.id = t.id
    """
    tx.execute(statement, {**_columns(guests), "at": at})


def next_versions(tx: Tx, ids: Collection[UUID], at: datetime) -> None:
    """One version further; the rows are locked."""
    tx.execute("update guest set version = version + 1, changed_at = %s where id = any(%s)", [at, list(ids)])


def _columns(guests: Sequence[Guest]) -> dict[str, list[object]]:
    rows = [
        tuple(json.dumps(guest.said) if name == "said" else getattr(guest, name) for name in NAMES) for guest in guests
    ]
    return columns(NAMES, rows)
