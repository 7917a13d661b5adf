"""How long the search for duplicates takes and what it finds: `python -m tests.bench.duplicates [guests]`.

By default 1,000,000 guests, one in ten of them another's duplicate with one or two errors (`tests/febrl_like.py`).
Limit: minutes on two cores. Recall is of the pairs that are one person, precision of the pairs filed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from time import perf_counter, process_time

from services.segments.clock import DuplicateSearch
from services.segments.store.duplicates.duplicates import search_of
from tests.bench.ground import databases
from tests.febrl_like import bring, found_by, people

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


def main(guests: int) -> None:
    with databases() as make:
        database = make("segments")
        truths = bring(database, people(7, guests - guests // 10, guests // 10))
        search = DuplicateSearch(database)
        with database.transaction() as tx:
            tx.execute("insert into duplicate_search (next_at) values (%s)", [NIGHT])
        spent: dict[str, float] = {}
        began = process_time()
        while True:
            with database.transaction() as tx:
                before = search_of(tx)
            start = perf_counter()
            if before is None or (before.ended_at and before.started_at is None) or not search.step(NIGHT):
                break
            phase = before.phase if before.started_at else "begin"
            spent[phase] = spent.get(phase, 0) + perf_counter() - start
        worked = process_time() - began
        for phase, seconds in spent.items():
            print(f"{phase:>8}: {seconds:6.1f} s", flush=True)
        with database.transaction() as tx:
            pairs, crowded = tx.execute("select pairs, crowded from duplicate_search").fetchall()[0]
        found = found_by(database, truths)
        print(f"{guests:,} guests in {sum(spent.values()):.0f} s ({worked:.0f} s of Python's)")
        print(f"{pairs:,} pairs compared, {found.filed:,} filed, {crowded} keys too crowded")
        print(f"recall {found.recall:.3f}, of pairs with a birth date on both or a contact point in common "
              f"{found.in_reach:.3f}; precision {found.precision:.4f}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
