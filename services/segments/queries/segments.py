"""Segments as their page shows them: who is in, who can be reached, how that moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from services.segments.queries.scope import FACTS_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx

PATIENCE = "3s"
MANY = 100_000
REACHABLE = {"email": "reachable-by-email", "sms": "reachable-by-sms", "whatsapp": "reachable-by-whatsapp"}


@dataclass(frozen=True)
class SegmentRow:
    """`members`: of all hotels."""

    number: int
    key: str
    name: str
    rule: Any
    private: bool
    in_use: bool
    version: int
    evaluated_at: datetime | None
    changed_at: datetime
    members: int
    folder: str


@dataclass(frozen=True)
class Reach:
    """Members in the hotels asked about, and how many of them can be reached; None where it is not known."""

    number: int
    members: int
    email: int | None
    sms: int | None
    whatsapp: int | None


def live_segments(tx: Tx) -> list[SegmentRow]:
    return tx.rows(
        SegmentRow,
        """
        select s.number, s.key, s.name, s.rule, s.private, s.in_use, s.version, s.evaluated_at, s.changed_at, z.members,
            s.folder
        from segment s join segment_size z on z.number = s.number
        where s.retired_at is null
        order by s.private, z.members desc, lower(s.name), s.key
        """,
    )


def reach_of_segments(tx: Tx, scope: Scope) -> dict[int, Reach]:
    """One pass over all memberships, or where they are very many as the last day ended; empty where counting takes
    longer than a page can wait."""
    if scope.everywhere and (kept := kept_reach(tx)):
        return kept
    numbers = dict(tx.execute("select key, number from segment where key = any(%s)", [list(REACHABLE.values())]))
    query = f"""
        select n.segment, count(*),
            case when %(email)s::int is not null then count(*) filter (where r.email) end,
            case when %(sms)s::int is not null then count(*) filter (where r.sms) end,
            case when %(whatsapp)s::int is not null then count(*) filter (where r.whatsapp) end
        from (
            select m.segments, m.segments @> array[%(email)s::int] as email, m.segments @> array[%(sms)s::int] as sms,
                m.segments @> array[%(whatsapp)s::int] as whatsapp
            from membership m
            {f"join guest_facts f on f.guest_id = m.guest_id where {FACTS_SEEN}" if not scope.everywhere else ""}
            offset 0  -- asked once a guest, not once a membership
        ) as r
        cross join unnest(r.segments) as n (segment)
        group by n.segment
    """
    asked = {channel: numbers.get(key) for channel, key in REACHABLE.items()} | scope.values
    try:
        with tx.savepoint():
            tx.execute(f"set local statement_timeout = '{PATIENCE}'")
            rows = tx.execute(query, asked).fetchall()
            tx.execute("set local statement_timeout = 0")
    except psycopg.errors.QueryCanceled:
        return {}
    return {row[0]: Reach(*row) for row in rows}


@dataclass(frozen=True)
class OverlapOfTwo:
    both: int
    only_one: int
    only_other: int

    @property
    def either(self) -> int:
        return self.both + self.only_one + self.only_other


def overlap(tx: Tx, one: str, other: str, scope: Scope) -> OverlapOfTwo:
    """Of the guests of these hotels, by the index of memberships. Of all of them the sizes are known."""
    if scope.everywhere:
        return _overlap_of_all(tx, one, other)
    query = f"""
        with n as materialized (
            select (select number from segment where key = %(one)s) as one,
                (select number from segment where key = %(other)s) as other
        )
        select count(*) filter (where a and b), count(*) filter (where a and not b), count(*) filter (where b and not a)
        from (
            select m.segments @> array[n.one] as a, m.segments @> array[n.other] as b
            from n, membership m
            {f"join guest_facts f on f.guest_id = m.guest_id and {FACTS_SEEN}" if not scope.everywhere else ""}
            where m.segments && array[n.one, n.other]
        ) as counted
    """
    row = tx.execute(query, {"one": one, "other": other, **scope.values}).fetchone()
    assert row is not None, "aggregates return a row"
    return OverlapOfTwo(*row)


def _overlap_of_all(tx: Tx, one: str, other: str) -> OverlapOfTwo:
    query = """
        with n as materialized (
            select (select number from segment where key = %(one)s) as one,
                (select number from segment where key = %(other)s) as other
        )
        select (select count(*) from membership where segments @> (select array[one, other] from n)),
            (select members from segment_size where number = n.one),
            (select members from segment_size where number = n.other)
        from n
    """
    row = tx.execute(query, {"one": one, "other": other}).fetchone()
    assert row is not None, "one row always"
    both, first, second = row
    return OverlapOfTwo(both, max(first - both, 0), max(second - both, 0))


def folders(tx: Tx) -> list[str]:
    query = "select distinct folder from segment where retired_at is null and folder <> '' order by folder"
    return [folder for (folder,) in tx.execute(query)]


def folder_of(tx: Tx, number: int) -> str:
    row = tx.execute("select folder from segment where number = %s", [number]).fetchone()
    return str(row[0]) if row else ""


def kept_reach(tx: Tx) -> dict[int, Reach]:
    """As the last day ended; empty where there are few enough to count them now."""
    query = """
        select number, members, email, sms, whatsapp from segment_size_day
        where day = (select max(day) from segment_size_day) and email is not null
            and (select reltuples from pg_class where oid = 'membership'::regclass) >= %s
    """
    return {row[0]: Reach(*row) for row in tx.execute(query, [MANY]).fetchall()}


def sizes_by_day(tx: Tx, since: date, number: int | None = None) -> dict[int, list[tuple[date, int]]]:
    """By segment, how many were in at the end of each day kept."""
    found: dict[int, list[tuple[date, int]]] = {}
    query = """
        select number, day, members from segment_size_day
        where day >= %(since)s and (%(number)s::int is null or number = %(number)s)
        order by number, day
    """
    for segment, day, members in tx.execute(query, {"since": since, "number": number}):
        found.setdefault(segment, []).append((day, members))
    return found


def import_days(tx: Tx, since: date) -> list[date]:
    """The days on which an import ended that changed something."""
    query = """
        select distinct (ended_at at time zone 'UTC')::date from import_run
        where ended_at >= %s and coalesce((counts ->> 'guests_made')::int, 0) > 0
        order by 1
    """
    return [day for (day,) in tx.execute(query, [since])]


def next_number(tx: Tx) -> int:
    row = tx.execute("select coalesce(max(number), 0) + 1 from segment").fetchone()
    return int(row[0]) if row else 1
