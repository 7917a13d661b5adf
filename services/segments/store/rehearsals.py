"""Rehearsals that campaigns wants a forecast for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row


@row
class Wanted:
    id: UUID
    at: datetime
    until: datetime
    segments: list[str]
    as_booked: bool
    is_replay: bool
    dates: list[dict[str, Any]]


def keep(tx: Tx, params: Mapping[str, Any]) -> None:
    """The greater version counts; `segments`, `dates`: JSON, a list each."""
    tx.execute(
        """
        insert into rehearsal_wanted as known (id, version, at, until, segments, as_booked, is_replay, dates,
            wanted, changed_at)
        select distinct on (id) id, version, at, until, array(select jsonb_array_elements_text(segments)), as_booked,
               is_replay, dates, not ended, %(now)s
        from unnest(%(rehearsal_id)s::uuid[], %(version)s::int[], %(at)s::timestamptz[], %(until)s::timestamptz[],
                    %(segments)s::jsonb[], %(as_booked)s::boolean[], %(is_replay)s::boolean[],
                    %(dates)s::jsonb[], %(ended)s::boolean[])
             as new (id, version, at, until, segments, as_booked, is_replay, dates, ended)
        order by id, version desc
        on conflict (id) do update set version = excluded.version, wanted = excluded.wanted,
            changed_at = excluded.changed_at
        where known.version < excluded.version
        """,
        params,
    )


def drop_before(tx: Tx, before: datetime) -> None:
    tx.execute("delete from rehearsal_wanted where not wanted and changed_at < %s", [before])


def next_wanted(tx: Tx) -> Wanted | None:
    found = tx.rows(
        Wanted,
        """
        select id, at, until, segments, as_booked, is_replay, dates from rehearsal_wanted
        where wanted order by changed_at, id limit 1
        """,
    )
    return found[0] if found else None


def is_wanted(tx: Tx, id_: UUID) -> bool:
    return tx.execute("select from rehearsal_wanted where id = %s and wanted", [id_]).fetchone() is not None


def answered(tx: Tx, id_: UUID, at: datetime) -> bool:
    """Whether anybody still waited for it."""
    query = "update rehearsal_wanted set wanted = false, changed_at = %s where id = %s and wanted"
    return tx.execute(query, [at, id_]).rowcount == 1


def in_use(tx: Tx) -> set[str]:
    """The segments of which it is told who enters and leaves."""
    return {key for (key,) in tx.execute("select key from segment where in_use and retired_at is null")}


def leave_out(tx: Tx, role: str, keys: Sequence[str], at: datetime) -> None:
    """`tx` is a scratch copy: in it, and in no other place, these segments are set aside."""
    assert tx.is_scratch
    tx.execute(
        """
        insert into set_aside (role, item, what, reason, attempts, at, taken_back_by_role)
        select %(role)s, key, key, 'rehearsal', 1, %(at)s, true from unnest(%(keys)s::text[]) as key
        on conflict do nothing
        """,
        {"role": role, "keys": list(keys), "at": at},
    )


@row
class StayToCome:
    id: UUID
    zone: str
    status: str
    arrival: date
    departure: date


def stays_to_come(tx: Tx, until: date) -> list[StayToCome]:
    """Booked or in house, those that have turned by that day."""
    query = """
        select id, zone, status, arrival, departure from stay
        where status = 'checked_in' or status = 'booked' and arrival <= %s order by id
    """
    return tx.rows(StayToCome, query, [until + timedelta(days=1)])
