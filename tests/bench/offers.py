"""A million codes: `python -m tests.bench.offers [codes]`, made, read from a file, and given out by claims of 500.

Given out is what a claim does with the codes of one offer: lock as many free ones as it may need, write those that its
guests got. The last claims of a million find their codes as quickly as the first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID

from services.messaging.codes_role import CodesRole
from services.messaging.commands.offers.adding import CodeFile, order_file, order_made
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.store.offers import codes
from services.messaging.store.offers import offers as store
from services.messaging.store.offers.offers import Kept
from shared.access.people import Person
from shared.database.pool import Database, Tx
from shared.ids import make_id
from shared.vocabulary.offer import OfferKind
from shared.vocabulary.role import Role
from tests.bench.ground import databases

AT = datetime(2026, 11, 21, tzinfo=UTC)
CLAIM = 500
BY = Person(make_id("person", "bench"), "Bench", Role.MARKETER, frozenset())
Order = Callable[[Tx, Kept], None]


def main(count: int) -> None:
    with databases() as make:
        database = make("messaging")
        made = timed(database, "Made", lambda tx, kept: order_made(tx, kept, count, "made", by=BY, at=AT))
        print(f"{count:,} codes in {made:.1f} s, {count / made:,.0f}/s: made and added")
        file = CodeFile()
        for number in range(count):
            file.add(f"SPA-{number:09}")
        read = timed(database, "Read", lambda tx, kept: order_file(tx, kept, file, "codes.csv", "file", by=BY, at=AT))
        print(f"{count:,} codes in {read:.1f} s, {count / read:,.0f}/s: read from a file")
        give_all(database, count)


def timed(database: Database, name: str, order: Order) -> float:
    """Seconds from the order to the last code."""
    with database.transaction() as tx:
        document = {"name": {"en": name}, "terms": {"en": "Once."}, "worth": {"kind": "percent", "number": "15"}}
        key = start_offer(tx, OfferKind.UNIQUE, document, by=BY, at=AT)
        go_live(tx, key, by=BY, at=AT)
        kept = store.offer(tx, key)
        assert kept is not None
        order(tx, kept)
    role, began = CodesRole(database), perf_counter()
    while role.step(AT):
        pass
    return perf_counter() - began


def give_all(database: Database, count: int) -> None:
    """All of them, claim by claim; beside it the first and the last hundred claims."""
    marks: dict[tuple[str, bool], int] = {}
    claims, began = [], perf_counter()
    for start in range(0, count, CLAIM):
        one = perf_counter()
        with database.transaction() as tx:
            give(tx, start, marks)
        claims.append(perf_counter() - one)
    took = perf_counter() - began
    first, last = (sum(some) / len(some) * 1000 for some in (claims[:100], claims[-100:]))
    print(f"{count:,} codes in {took:.1f} s, {count / took:,.0f}/s: given")
    print(f"a claim of {CLAIM}: {first:.1f} ms at first, {last:.1f} ms at last")


def give(tx: Tx, start: int, marks: dict[tuple[str, bool], int]) -> None:
    free = codes.lock_free(tx, {"made": CLAIM}, marks)["made"]
    marks["made", False] = free[-1].seq
    guests = [UUID(int=start + number) for number in range(len(free))]
    columns = {"offer": ["made"] * len(free), "guest_id": guests, "code": [one.code for one in free]}
    columns |= {"property": [None] * len(free)}
    codes.take(tx, {**columns, "message_id": guests, "at": AT})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
