"""Rehearsals as they stand, and what other services tell of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.rehearsals import UNDER_WAY, Rehearsal, Stage
from shared.database.pool import Tx
from shared.rows import row

COLUMNS = """id, journey, days, at, until, as_booked, is_replay, launches, state, problem, asked_by, asked_at,
    reached_at, ended_at"""
ROW = f"select {COLUMNS} from rehearsal"


def add(tx: Tx, one: Rehearsal) -> None:
    tx.execute(
        """
        insert into rehearsal (id, journey, days, at, until, as_booked, is_replay, launches, state, asked_by,
            asked_at, changed_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s)
        """,
        [
            one.id,
            one.journey,
            one.days,
            one.at,
            one.until,
            one.as_booked,
            one.is_replay,
            json.dumps(one.launches),
            one.state,
            one.asked_by,
            one.asked_at,
            one.asked_at,
        ],
    )


def find(tx: Tx, id_: UUID) -> Rehearsal | None:
    return _first(tx, f"{ROW} where id = %s", [id_])


def asked_at(tx: Tx, at: datetime) -> int:
    """How many were asked for at that instant."""
    row = tx.execute("select count(*) from rehearsal where asked_at = %s", [at]).fetchone()
    return row[0] if row else 0


def newest(tx: Tx, journey: str | None, *, is_replay: bool = False) -> Rehearsal | None:
    """Asked for this journey, or for all; of the days to come, or of those that have passed."""
    query = (
        f"{ROW} where journey is not distinct from %s and is_replay = %s order by asked_at desc, number desc limit 1"
    )
    return _first(tx, query, [journey, is_replay])


def newest_done(tx: Tx) -> Rehearsal | None:
    """Of the days to come, whatever was asked: each one plays all journeys that run."""
    return _first(tx, f"{ROW} where state = 'done' and not is_replay order by asked_at desc, number desc limit 1", [])


def under_way(tx: Tx, journey: str | None, *, is_replay: bool) -> list[Rehearsal]:
    query = f"""{ROW} where journey is not distinct from %s and is_replay = %s and state = any(%s)
        order by id for update"""
    return [_staged(one) for one in tx.rows(Rehearsal, query, [journey, is_replay, list(UNDER_WAY)])]


def next_to_play(tx: Tx) -> Rehearsal | None:
    return _first(tx, f"{ROW} where state = 'playing' order by asked_at, id limit 1", [])


def is_at(tx: Tx, id_: UUID, stage: Stage) -> bool:
    return tx.execute("select from rehearsal where id = %s and state = %s", [id_, stage]).fetchone() is not None


def move(tx: Tx, id_: UUID, before: Sequence[Stage], after: Stage, at: datetime, problem: str | None = None) -> bool:
    """Whether it stood at one of `before` and now at `after`."""
    return (
        tx.execute(
            """
            update rehearsal set state = %(after)s, problem = %(problem)s, changed_at = %(at)s, reached_at = null,
                ended_at = case when %(after)s = any(%(open)s) then null else %(at)s end
            where id = %(id)s and state = any(%(before)s)
            """,
            {
                "id": id_,
                "before": list(map(str, before)),
                "after": str(after),
                "open": list(map(str, UNDER_WAY)),
                "at": at,
                "problem": problem,
            },
        ).rowcount
        == 1
    )


def note_reached(tx: Tx, id_: UUID, reached: datetime) -> None:
    tx.execute("update rehearsal set reached_at = %s where id = %s", [reached, id_])


def count_changes(tx: Tx, id_: UUID, of: int, more: int, at: datetime) -> None:
    """So many rows of the forecast came; with the last of them, journeys may be played."""
    tx.execute(
        """
        update rehearsal set changes_of = %(of)s, changes_here = changes_here + %(more)s, changed_at = %(at)s,
            state = case when state = 'forecasting' and changes_here + %(more)s > %(of)s then 'playing' else state end
        where id = %(id)s
        """,
        {"id": id_, "of": of, "more": more, "at": at},
    )


def count_lines(tx: Tx, id_: UUID, of: int, more: int, at: datetime) -> bool:
    """So many of the gate's words came; whether these were the last."""
    row = tx.execute(
        """
        update rehearsal set lines_of = %(of)s, lines_here = lines_here + %(more)s, changed_at = %(at)s
        where id = %(id)s returning state = 'judging' and lines_here > lines_of
        """,
        {"id": id_, "of": of, "more": more, "at": at},
    ).fetchone()
    return bool(row and row[0])


def keep_changes(tx: Tx, params: Mapping[str, Any]) -> None:
    """Of rehearsals under way only; `because` and `stay`: JSON."""
    tx.execute(
        """
        insert into rehearsal_change (rehearsal_id, number, guest_id, segment, version, entered, initial, at, zone,
            because, stay)
        select new.* from unnest(%(rehearsal_id)s::uuid[], %(number)s::int[], %(guest_id)s::uuid[], %(segment)s::text[],
            %(version)s::bigint[], %(entered)s::boolean[], %(initial)s::boolean[], %(at)s::timestamptz[],
            %(zone)s::text[], %(because)s::jsonb[], %(stay)s::jsonb[]) as new (rehearsal_id, number, guest_id, segment,
            version, entered, initial, at, zone, because, stay)
        join rehearsal on rehearsal.id = new.rehearsal_id and state = 'forecasting'
        where guest_id is not null
        on conflict do nothing
        """,
        params,
    )


@row
class Change:
    """Of an audience, or of a stay, whose event `stay` then is; with the type of the event."""

    guest_id: UUID
    segment: str
    version: int
    entered: bool
    initial: bool
    at: datetime
    zone: str
    because: dict[str, Any]
    stay: dict[str, Any]


def changes_of(tx: Tx, id_: UUID, *, of_stays: bool = False) -> list[Change]:
    """In their order; of stays alone, where asked."""
    query = """
        select guest_id, segment, version, entered, initial, at, zone, because, stay
        from rehearsal_change where rehearsal_id = %s and (stay <> '{}' or not %s) order by at, number
    """
    return tx.rows(Change, query, [id_, of_stays])


def drop_changes(tx: Tx, id_: UUID) -> None:
    tx.execute("delete from rehearsal_change where rehearsal_id = %s", [id_])


def keep_lines(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into rehearsal_line (rehearsal_id, number, guest_id, message_id, at, zone, day, hour, journey, step,
            template, occurrence, purpose, property, state, reason, held_until, channel, language, parts, stay_id,
            cost, currency)
        select new.* from unnest(%(rehearsal_id)s::uuid[], %(number)s::int[], %(guest_id)s::uuid[],
            %(message_id)s::uuid[], %(at)s::timestamptz[], %(zone)s::text[], %(day)s::date[], %(hour)s::int[],
            %(journey)s::text[], %(step)s::text[], %(template)s::text[], %(occurrence)s::text[], %(purpose)s::text[],
            %(property)s::text[], %(state)s::text[], %(reason)s::text[], %(held_until)s::timestamptz[],
            %(channel)s::text[], %(language)s::text[], %(parts)s::int[], %(stay_id)s::uuid[], %(cost)s::numeric[],
            %(currency)s::text[])
            as new (rehearsal_id, number, guest_id, message_id, at, zone, day, hour, journey, step, template,
                occurrence, purpose, property, state, reason, held_until, channel, language, parts, stay_id, cost,
                currency)
        join rehearsal on rehearsal.id = new.rehearsal_id and rehearsal.state in ('playing', 'judging')
        where guest_id is not null
        on conflict do nothing
        """,
        params,
    )


def drop_older(tx: Tx, one: Rehearsal) -> None:
    """Those of the same kind that were asked for before."""
    tx.execute(
        """
        delete from rehearsal where journey is not distinct from %s and is_replay = %s and asked_at < %s and id <> %s
            and state <> all(%s)
        """,
        [one.journey, one.is_replay, one.asked_at, one.id, list(map(str, UNDER_WAY))],
    )


def drop_before(tx: Tx, before: datetime) -> int:
    return tx.execute("delete from rehearsal where asked_at <= %s", [before]).rowcount


def oldest(tx: Tx) -> datetime | None:
    row = tx.execute("select min(asked_at) from rehearsal").fetchone()
    return row[0] if row else None


def _first(tx: Tx, query: str, params: Sequence[Any]) -> Rehearsal | None:
    found = tx.rows(Rehearsal, query, params)
    return _staged(found[0]) if found else None


def _staged(one: Rehearsal) -> Rehearsal:
    return replace(one, state=Stage(one.state))
