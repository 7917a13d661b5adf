"""What segments republishes when a subscriber must fill itself anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.segments.queries.published import STATES, kept_row, state_of, stay_row, with_other_indexes
from services.segments.rules.stays import Stay, occurred_at
from services.segments.store.attributions import attributions_after
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of, chunk_of_rows
from shared.events.segments.feeds import FeedHeard
from shared.events.segments.guests import GuestChanged, GuestErased
from shared.events.segments.stays import StayChanged, StayKept

STAY = ", ".join(field.name for field in fields(Stay))
OF_A_GUEST = "not exists (select from guest where guest.id = guest_id and erased_at is not null)"
FIRST = "00000000-0000-0000-0000-000000000000"


def all_guests(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next guests by id, as they stand."""
    query = STATES + "where g.id > %s and g.merged_into is null and g.erased_at is null order by g.id limit %s"
    rows = tx.execute(query, [after[0] if after else FIRST, most]).fetchall()
    states = [state_of(row, row[-1]) for row in rows]
    return chunk_of(with_other_indexes(tx, states)) if states else chunk_of_rows(GuestChanged, [])


def all_erasures(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next erased guests by id: a service that lost its tombstones erases them again."""
    return chunk_of_rows(GuestErased, tx.execute(ERASED, [after[0] if after else FIRST, most]).fetchall())


def all_stays(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next stays by id, as they stand, each with the instant of the last thing that happened to it."""
    query = f"select {STAY} from stay where id > %s and {OF_A_GUEST} order by id limit %s"
    stays = tx.rows(Stay, query, [after[0] if after else FIRST, most])
    return chunk_of_rows(StayChanged, [stay_row(stay, occurred_at(stay)) for stay in stays])


def all_kept_stays(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next stays of erased guests by id: what is left of them."""
    query = f"select {STAY} from stay where id > %s and not {OF_A_GUEST} order by id limit %s"
    return chunk_of_rows(
        StayKept, [kept_row(stay) for stay in tx.rows(Stay, query, [after[0] if after else FIRST, most])]
    )


def kept_stays_of(tx: Tx, guests: Collection[UUID]) -> list[tuple[Any, ...]]:
    """What is left of the stays of these guests, who are erased."""
    query = f"select {STAY} from stay where guest_id = any(%s) order by id"
    return list(map(kept_row, tx.rows(Stay, query, [list(guests)])))


def all_attributions(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next answers with the segments their guests were in."""
    return attributions_after(tx, after[0] if after else FIRST, most)


def all_feeds(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The days on which sources told of hotels."""
    query = """
        select property, source, day - date '1970-01-01', day, day::timestamp at time zone 'UTC'
        from feed_day where (property, source, day) > (%s, %s, %s::date) order by property, source, day limit %s
    """
    return chunk_of_rows(FeedHeard, tx.execute(query, [*(after or ("", "", "1970-01-01")), most]).fetchall())


ERASED = """
    select id, version, erased_at, coalesce(erased_because, 'asked') from guest
    where id > %s and erased_at is not null order by id limit %s
"""
