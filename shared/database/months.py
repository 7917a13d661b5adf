"""Tables that are kept by month: a month whose term is over is dropped as a whole, and no row of it is deleted.

Such a table is partitioned by range of one instant, the one that its term counts from. Its parts follow one another
without a gap: one of all that is older than the first month, the months, and a DEFAULT of what is newer than the last.
Parts are found in PostgreSQL's catalogues, never by their names, and the hour is the service's, not the machine's.

No insert ever waits for a part to be made or fails because there is none: months are made ahead, and where they were
not, the DEFAULT takes the row. What it took becomes a part of its own with the next months, and the new DEFAULT is
empty; so a month is attached without a look at the rows of others.

To make or drop a part, the table is held alone for some milliseconds. A lock that is not to be had within a moment is
given up (`LockNotAvailable`): whoever reads the table for an hour, as a backup does, must not let others wait behind
the one who waits for it. It is tried again later; there are months enough until then.

A crash on any line leaves what was there: each call is done within its caller's transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from shared.localtime import months_later

Connection = psycopg.Connection[tuple[Any, ...]]

AHEAD = 3
"""Months after the one in which it is: a role that is away for a quarter is not missed."""
A_MOMENT = "200ms"
LARGE = 8192
"""Pages of 8 KiB, 64 MB: PostgreSQL looks through so many in the time for which nobody minds waiting."""
ENDS = "ends_before_the_months"
INSTANT = re.compile(r"'(\d[^']+)'")
BOUNDS = re.compile(r"FOR VALUES FROM \((.+)\) TO \((.+)\)")
OLDEST, NEWEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """`first` ≤ instant < `end`; of the DEFAULT they are the end of the last month and `NEWEST`."""

    name: str
    first: datetime
    end: datetime
    is_default: bool = False

    @property
    def is_a_month(self) -> bool:
        return self.first is not OLDEST and not self.is_default and self.end == after(self.first)


def month_of(at: datetime) -> datetime:
    """Its first instant, in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def after(month: datetime, months: int = 1) -> datetime:
    return months_later(month, months)


def leaves(connection: Connection, table: str) -> list[str]:
    """The tables in which its rows lie: itself, or its parts. Whoever goes by the pages of files goes by these."""
    query = "select relid::regclass::text from pg_partition_tree(%s::regclass) where isleaf order by relid"
    return [name for (name,) in connection.execute(query, [table])] or [table]


def parts_of(connection: Connection, table: str) -> list[Part]:
    """In their order."""
    query = """
        select relname, pg_get_expr(relpartbound, pg_class.oid) from pg_inherits join pg_class on oid = inhrelid
        where inhparent = %s::regclass
    """
    bounds = connection.execute(query, [table]).fetchall()
    closed = [(name, found) for name, one in bounds if (found := BOUNDS.match(one))]
    parts = [Part(name, _instant(found[1]), _instant(found[2])) for name, found in closed]
    last = max((part.end for part in parts), default=OLDEST)
    parts += [Part(name, last, NEWEST, is_default=True) for name, one in bounds if one == "DEFAULT"]
    return sorted(parts, key=lambda part: (part.first, part.end))


def _instant(bound: str) -> datetime:
    return OLDEST if bound == "MINVALUE" else datetime.fromisoformat(bound.strip("'")).astimezone(UTC)


def make_ahead(connection: Connection, table: str, by: str, now: datetime) -> int:
    """Makes the months that are missing up to `AHEAD` after this one, or goes one step towards it; 0 where all are
    there, else it is called again, each time in a transaction of its own.

    Raises psycopg.errors.LockNotAvailable where others hold the table.
    """
    wanted = after(month_of(now), AHEAD + 1)
    *closed, default = parts_of(connection, table)
    if default.first >= wanted:
        return 0
    end = _end_of_large(connection, default, by, now)
    if end is None:
        return 1
    with _alone(connection, table, default):
        newest = _newest(connection, default.name, by)
        if newest is None and closed:
            begins = default.first
        else:
            begins = max(end, month_of(now) if newest is None else after(month_of(max(now, newest))))
            _close_default(connection, table, default, begins)
        made = list(_months(begins, max(wanted, begins)))
        for first in made:
            _make(connection, table, default.name, f"{table}_{first:%Y_%m}", _between(first, after(first)))
    return len(made)


def drop_before(connection: Connection, table: str, by: str, before: datetime) -> int:
    """Drops the parts that end by then; how many rows they held. A row that is told once more of a time whose month is
    dropped finds a place in the part of all that is older, and goes with the next month.

    Raises psycopg.errors.LockNotAvailable where others hold the table.
    """
    *closed, default = parts_of(connection, table)
    over = [part for part in closed if part.end <= before]
    rows = _count(connection, table, by, over[-1].end) if over else 0
    if not rows and len(over) < 2:  # the part of all that is older stays, empty
        return 0
    with _alone(connection, table, default):
        for part in over:
            connection.execute(sql.SQL("drop table {}").format(sql.Identifier(part.name)))
        end = over[-1].end
        _make(connection, table, default.name, f"{table}_before_{end:%Y_%m}", _between(OLDEST, end))
    return rows


def _months(first: datetime, end: datetime) -> Iterator[datetime]:
    while first < end:
        yield first
        first = after(first)


@contextmanager
def _alone(connection: Connection, table: str, default: Part) -> Iterator[None]:
    """The table by its own name, and its DEFAULT: every part that is made or dropped changes what that may hold."""
    held = sql.SQL(", ").join(map(sql.Identifier, (table, default.name)))
    with _a_moment(connection):
        connection.execute(sql.SQL("lock table only {} in access exclusive mode").format(held))
        yield


@contextmanager
def _a_moment(connection: Connection) -> Iterator[None]:
    """Locks are waited for no longer."""
    connection.execute("select set_config('lock_timeout', %s, true)", [A_MOMENT])
    yield
    connection.execute("select set_config('lock_timeout', '0', true)")


def _end_of_large(connection: Connection, default: Part, by: str, now: datetime) -> datetime | None:
    """Where the DEFAULT can be closed without a look at its rows; `OLDEST` where the look takes a moment. A large one,
    as of a table from before it was kept by month, is told its end two months ahead, and looked through while everybody
    works with it. None: that is under way. Whoever dies half-way has a month until somebody begins anew."""
    where = {"part": sql.Identifier(default.name), "by": sql.Identifier(by), "name": sql.Identifier(ENDS)}
    query = """
        select pg_relation_size(part.oid) / 8192, said.convalidated, pg_get_constraintdef(said.oid)
        from pg_class part left join pg_constraint said on conrelid = part.oid and conname = %s
        where part.oid = %s::regclass
    """
    pages, checked, said = connection.execute(query, [ENDS, default.name]).fetchone() or (0, None, "")
    if checked is None and pages < LARGE:
        return OLDEST
    if checked is None:
        end = after(month_of(max(now, _newest(connection, default.name, by) or now)), 2)
        told = sql.SQL("alter table {part} add constraint {name} check ({by} < {end}) not valid")
        with _a_moment(connection):
            connection.execute(told.format(**where, end=sql.Literal(end.isoformat())))
        return None
    end = month_of(datetime.fromisoformat(INSTANT.findall(said)[0]))
    if end <= after(month_of(now)):  # somebody died half-way: soon what comes would be refused
        with _a_moment(connection):
            connection.execute(sql.SQL("alter table {part} drop constraint {name}").format(**where))
        return None
    if not checked:
        connection.execute(sql.SQL("alter table {part} validate constraint {name}").format(**where))
        return None
    return end


def _close_default(connection: Connection, table: str, default: Part, end: datetime) -> None:
    """What lies in it becomes a part of its own, which ends there; a new one is empty."""
    closed = f"{table}_before_{end:%Y_%m}"
    names = {"table": sql.Identifier(table), "old": sql.Identifier(default.name), "closed": sql.Identifier(closed)}
    connection.execute(sql.SQL("alter table {table} detach partition {old}").format(**names))
    connection.execute(sql.SQL("alter table {old} rename to {closed}").format(**names))
    attached = sql.SQL("alter table {table} attach partition {closed} ").format(**names)
    connection.execute(attached + _between(default.first, end))
    ended = sql.SQL("alter table {closed} drop constraint if exists {}").format(sql.Identifier(ENDS), **names)
    connection.execute(ended)
    _make(connection, table, closed, default.name, sql.SQL("default"))


def _make(connection: Connection, table: str, model: str, name: str, bounds: sql.Composable) -> None:
    """A part that is kept as `model` is: PostgreSQL gives a part what its table says, and no table of parts says it."""
    made = sql.SQL("create table {} partition of {} {}").format(sql.Identifier(name), sql.Identifier(table), bounds)
    connection.execute(made)
    said = connection.execute("select reloptions from pg_class where oid = %s::regclass", [model]).fetchone()
    for option in said[0] or () if said else ():
        key, value = option.split("=", 1)
        to = sql.SQL("alter table {} set ({} = {})")
        connection.execute(to.format(sql.Identifier(name), sql.SQL(key), sql.Literal(value)))


def _between(first: datetime, end: datetime) -> sql.Composed:
    return sql.SQL("for values from ({}) to ({})").format(_bound(first), _bound(end))


def _bound(at: datetime) -> sql.Composable:
    return sql.SQL("minvalue") if at is OLDEST else sql.Literal(at.isoformat())


def _newest(connection: Connection, part: str, by: str) -> datetime | None:
    query = sql.SQL("select max({}) from {}").format(sql.Identifier(by), sql.Identifier(part))
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _count(connection: Connection, table: str, by: str, before: datetime) -> int:
    query = sql.SQL("select count(*) from {} where {} < %s").format(sql.Identifier(table), sql.Identifier(by))
    row = connection.execute(query, [before]).fetchone()
    return int(row[0]) if row else 0
