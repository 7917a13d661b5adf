"""What a nightly run drops from: a declared table, range by range, or what a service brings of its own.

A table is walked by its blocks, so that no index is needed and no row is visited twice a night, however many there are:
a range is one short transaction, and a run that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.database.pool import Tx
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.personal_data import Kept

BLOCKS = 256  # of 8 KiB, a range
BY_THE_RELAY = frozenset({Kept.PUBLISHED, Kept.RECEIVED})
"""Kinds that the relay drops, because publishing again relies on them."""


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
        span = terms.span(self.kept)
        if span is None:
            return 0
        row = tx.execute(
            f"select count(*) from {self.table.name} where {self._over()}", {"before": span.before(now)}
        ).fetchone()
        return int(row[0]) if row else 0

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        span = terms.span(self.kept)
        if span is None:
            return Dropped(0, None)
        before, first = span.before(now), int(place or 0)
        tx.execute("select set_config('guestloop.dropped_before', %s, true)", [before.isoformat()])
        range_ = {"before": before, "first": f"({first},0)", "last": f"({first + BLOCKS},0)"}
        rows = tx.execute(self._statement(), range_).rowcount
        size = tx.execute("select pg_relation_size(%s::regclass) / 8192", [self.table.name]).fetchone()
        is_last = size is None or first + BLOCKS >= size[0]
        return Dropped(rows, None if is_last else str(first + BLOCKS))

    def _statement(self) -> str:
        condition = f"ctid >= %(first)s::tid and ctid < %(last)s::tid and {self._over()}"
        if not self._blanks():
            return f"delete from {self.table.name} where {condition}"
        values = ", ".join(f'"{name}" = {blank}' for name, blank in self._blanks().items())
        return f"update {self.table.name} set {values} where {condition}"

    def _over(self) -> str:
        if not (blanks := self._blanks()):
            return f"({self.table.dropped})"
        names = ", ".join(f'"{name}"' for name in blanks)
        return f"({self.table.dropped}) and ({names}) is distinct from ({', '.join(blanks.values())})"

    def _blanks(self) -> dict[str, str]:
        if self.table.on_erasure is not OnErasure.BLANKED:
            return {}
        return {name: blank for name, blank in self.table.blanks.items() if self.table.columns[name].sealed is not None}


def subjects_of(data: PersonalData, own: Sequence[Subject] = ()) -> tuple[Subject, ...]:
    """What a service's run drops from, in its order: its own first, then tables as they are declared."""
    tables = (table for table in data.tables if table.dropped and table.kept not in BY_THE_RELAY)
    return (*own, *(TableSubject(table) for table in tables))
