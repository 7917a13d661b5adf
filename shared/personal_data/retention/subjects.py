"""What a nightly run drops from: a declared table, range by range, or what a service brings of its own.

A table is walked by its blocks, so that no index is needed and no row is visited twice a night, however many there are:
a range is one short transaction, and a run that was interrupted goes on where it was. One that is kept by month is not
walked: the months that are over are dropped. What stayed of an erased guest as a figure is few rows of many, and is
found by an index of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.bus.erasing import wait_for_handlers
from shared.database import months
from shared.database.months import Connection
from shared.database.pool import Tx
from shared.personal_data.declaration import Leaves, OnErasure, PersonalData, Table
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.personal_data import Kept

BLOCKS = 256  # of 8 KiB, a range
AT_ONCE = 1000  # rows that leave in one transaction
BY_THE_RELAY = frozenset({Kept.PUBLISHED, Kept.RECEIVED})
"""Kinds that the relay drops, because publishing again relies on them."""

FIRST = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Dropped:
    """`next_place`: where the next range begins; None, the run has ended."""

    rows: int
    next_place: str | None


class Subject(Protocol):
    """Something a term ends."""

    @property
    def name(self) -> str: ...

    @property
    def kept(self) -> Kept: ...

    def count(self, tx: Tx, terms: Terms, now: datetime) -> int:
        """How many a run at `now` would drop."""
        ...

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        """Drops one range; `place` is "" for the first."""
        ...


@dataclass(frozen=True)
class TableSubject:
    """The rows of a table whose term is over: deleted; where an erased guest's row stays, its sealed columns go."""

    table: Table

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kept(self) -> Kept:
        return self.table.kept

    def count(self, tx: Tx, terms: Terms, now: datetime) -> int:
        return _count(tx, self, self._over(), terms, now)

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        span = terms.span(self.kept)
        if span is None:
            return Dropped(0, None)
        return self._drop_range(tx, self.table.name, span.before(now), int(place or 0))

    def _drop_range(self, tx: Tx, name: str, before: datetime, first: int) -> Dropped:
        """`name`: of the table, or of one of its parts."""
        tx.execute("select set_config('guestloop.dropped_before', %s, true)", [before.isoformat()])
        range_ = {"before": before, "first": f"({first},0)", "last": f"({first + BLOCKS},0)"}
        rows = tx.execute(self._statement(name), range_).rowcount
        size = tx.execute("select pg_relation_size(%s::regclass) / 8192", [name]).fetchone()
        is_last = size is None or first + BLOCKS >= size[0]
        return Dropped(rows, None if is_last else str(first + BLOCKS))

    def _statement(self, name: str) -> str:
        condition = f"ctid >= %(first)s::tid and ctid < %(last)s::tid and {self._over()}"
        if not self._blanks():
            return f"delete from {name} where {condition}"
        values = ", ".join(f'"{column}" = {blank}' for column, blank in self._blanks().items())
        return f"update {name} set {values} where {condition}"

    def _over(self) -> str:
        if not (blanks := self._blanks()):
            return f"({self.table.dropped})"
        names = ", ".join(f'"{name}"' for name in blanks)
        return f"({self.table.dropped}) and ({names}) is distinct from ({', '.join(blanks.values())})"

    def _blanks(self) -> dict[str, str]:
        if self.table.on_erasure is not OnErasure.BLANKED:
            return {}
        return {name: blank for name, blank in self.table.blanks.items() if self.table.columns[name].sealed is not None}


@dataclass(frozen=True)
class MonthsSubject(TableSubject):
    """The months of a table of which the term is over for the last of their rows: dropped, each as a whole. Where no
    month was made for them, rows lie with those of other months: there they are deleted, range by range."""

    by: str

    def make_ahead(self, tx: Tx, now: datetime) -> int:
        """0 where all are there, else it is called again. Raises psycopg.errors.LockNotAvailable where others hold the
        table."""
        return months.make_ahead(tx.connection, self.name, self.by, now)

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        """Raises psycopg.errors.LockNotAvailable where others hold the table: nothing is dropped then."""
        span = terms.span(self.kept)
        if span is None:
            return Dropped(0, None)
        if not place:
            rows = months.drop_before(tx.connection, self.name, self.by, months.month_of(span.before(now)))
            return Dropped(rows, self._after(tx, ""))
        part, block = place.split(":")
        done = self._drop_range(tx, part, span.before(now), int(block))
        return Dropped(done.rows, f"{part}:{done.next_place}" if done.next_place else self._after(tx, part))

    def _blanks(self) -> dict[str, str]:
        return {}  # of a month that is dropped nothing stays

    def _after(self, tx: Tx, part: str) -> str | None:
        """The next part that is of several months."""
        mixed = sorted(one.name for one in months.parts_of(tx.connection, self.name) if not one.is_a_month)
        return next((f"{name}:0" for name in mixed if name > part), None)


@dataclass(frozen=True)
class LeavingSubject:
    """The rows of a table that say nothing of a person any more and whose term is over: a set at a time, in the order
    of their keys. A set goes, and its keys are kept, in one transaction, while no event is handled: whoever handles the
    event that would make a row anew finds either the row or its key."""

    table: Table
    leaves: Leaves

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kept(self) -> Kept:
        return self.leaves.kept

    def count(self, tx: Tx, terms: Terms, now: datetime) -> int:
        return _count(tx, self, self.leaves.rows, terms, now)

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        """`place`: the last key of the set before."""
        span = terms.span(self.kept)
        if span is None:
            return Dropped(0, None)
        values = {"before": span.before(now), "after": place or FIRST, "most": AT_ONCE}
        keys = [key for (key,) in tx.execute(self._due(), values)]
        if not keys:
            return Dropped(0, None)
        wait_for_handlers(tx)
        rows = tx.execute(self._leave(), {**values, "keys": keys}).rowcount
        return Dropped(rows, str(keys[-1]) if len(keys) == AT_ONCE else None)

    def _due(self) -> str:
        key = self.leaves.key
        return f"""
            select distinct {key} from {self.name} where ({self.leaves.rows}) and {key} > %(after)s::uuid
            order by {key} limit %(most)s
        """

    def _leave(self) -> str:
        key, keeps = self.leaves.key, self.leaves.keeps
        going = [
            f"{table}_too as (delete from {table} using gone where {table}.{column} = gone.{key})"
            for table, column in self.leaves.with_them.items()
        ]
        said = ", ".join([key, *(f"{expression} as {column}" for column, expression in keeps.items())])
        gone = f"""
            gone as (delete from {self.name} where {key} = any(%(keys)s::uuid[]) and ({self.leaves.rows})
                     returning {said})
        """
        columns = ", ".join([key, *keeps])
        return f"""
            with {", ".join([gone, *going])}, known as (
                insert into {self.leaves.into} ({columns}) select {columns} from gone order by {columns}
                on conflict do nothing
            )
            select from gone
        """


def _count(tx: Tx, subject: Subject, condition: str, terms: Terms, now: datetime) -> int:
    """How many rows a term ends; `condition`: SQL, true of those."""
    span = terms.span(subject.kept)
    if span is None:
        return 0
    row = tx.execute(f"select count(*) from {subject.name} where {condition}", {"before": span.before(now)}).fetchone()
    return int(row[0]) if row else 0


def subjects_of(data: PersonalData, own: Sequence[Subject] = ()) -> tuple[Subject, ...]:
    """What a service's run drops from, in its order: its own first, then tables as they are declared."""
    tables = (table for table in data.tables if table.leaves or (table.dropped and table.kept not in BY_THE_RELAY))
    return (*own, *(subject_of(table) for table in tables))


def make_months(connection: Connection, data: PersonalData, now: datetime) -> int:
    """Those to come of every table that is kept by month; 0 where all are there, else it is called again. Raises
    psycopg.errors.LockNotAvailable."""
    made = 0
    for table in data.tables:
        if table.by_month:
            with connection.transaction():
                made += months.make_ahead(connection, table.name, table.by_month, now)
    return made


def subject_of(table: Table) -> TableSubject | LeavingSubject:
    if table.leaves:
        return LeavingSubject(table, table.leaves)
    return MonthsSubject(table, table.by_month) if table.by_month else TableSubject(table)
