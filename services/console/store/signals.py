"""What is watched: complaints, answers and mail that came back, each once, in its newest version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from shared.database.pool import Tx


def keep_signals(tx: Tx, kind: str, rows: Sequence[tuple[Any, int, str | None, str, int | None]]) -> None:
    """`rows`: id, version, hotel, instant and value. What comes twice or late changes nothing; the first day stays."""
    if not rows:
        return
    ids, versions, hotels, instants, values = zip(*rows, strict=True)
    tx.execute(
        KEEP,
        {
            "kind": kind,
            "ids": list(ids),
            "versions": list(versions),
            "hotels": [one or "" for one in hotels],
            "instants": list(instants),
            "values": list(values),
        },
    )


def last_hotels(tx: Tx, guests: Sequence[str]) -> dict[str, str]:
    """By guest, the hotel they stayed at last."""
    query = """
        select distinct on (guest_id) guest_id::text, property from stay_counted
        where guest_id = any(%s::uuid[]) and property <> ''
        order by guest_id, left_on desc nulls last, arrival desc nulls last, stay_id
    """
    return dict(tx.execute(query, [list(guests)]).fetchall())


def next_night(tx: Tx) -> datetime | None:
    row = tx.execute("select next_at from warning_night").fetchone()
    return row[0] if row else None


def plan_night(tx: Tx, at: datetime) -> None:
    statement = """
        insert into warning_night (next_at) values (%s) on conflict (single) do update set next_at = excluded.next_at
    """
    tx.execute(statement, [at])


def drop_before(tx: Tx, before: date) -> None:
    """Drops what no chart looks at any more."""
    tx.execute("delete from signal_seen where day < %s", [before])


KEEP = """
    insert into signal_seen as old (kind, id, version, property, day, value)
    select distinct on (id) %(kind)s, id, version, property, (at at time zone 'UTC')::date, value
    from unnest(%(ids)s::uuid[], %(versions)s::bigint[], %(hotels)s::text[], %(instants)s::timestamptz[],
                %(values)s::int[]) as told (id, version, property, at, value)
    order by id, version desc
    on conflict (kind, id) do update
    set version = excluded.version, property = excluded.property, value = excluded.value,
        day = least(old.day, excluded.day)
    where excluded.version > old.version
"""
