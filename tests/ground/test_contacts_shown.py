"""How many guests somebody is shown in full within an hour: rows that several processes and a restart share."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.access.contacts_shown import WINDOW, Shown, show
from shared.access.people import Person
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.cast import NOW
from tests.conftest import MakeDatabase

FILIPA, DINA = (Person(make_id("person", name), name, Role.FRONT_DESK, frozenset()) for name in ("filipa", "dina"))
GUESTS = [make_id("guest", number) for number in range(12)]
LIMIT = 5


def shown(database: Database, subjects: Sequence[UUID], at: datetime = NOW, who: Person = FILIPA) -> Shown:
    with database.transaction() as tx:
        return show(tx, who, subjects, LIMIT, at)


def one(database: Database, query: str) -> Any:
    with database.transaction() as tx:
        row = tx.execute(query).fetchone()
        return row[0] if row else None


def test_the_first_are_shown_and_the_rest_wait_until_the_hour_is_over(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    assert shown(database, GUESTS[:3]) == Shown(frozenset(GUESTS[:3]))
    later = NOW + timedelta(minutes=20)
    assert shown(database, GUESTS[:6], later) == Shown(frozenset(GUESTS[:5]), NOW + WINDOW)
    assert shown(database, GUESTS[:5], later) == Shown(frozenset(GUESTS[:5]))  # twice costs nothing
    assert shown(database, GUESTS[6:], later, DINA).subjects == frozenset(GUESTS[6:11])  # each person's own
    assert shown(database, GUESTS[6:], NOW + WINDOW) == Shown(frozenset(GUESTS[6:9]), later + WINDOW)


def test_no_row_outlives_the_hour_of_whoever_reads_on(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    shown(database, GUESTS[:4])
    shown(database, GUESTS[4:5], NOW + WINDOW)
    assert one(database, "select count(*) from contact_shown") == 1


def test_the_trail_hears_of_the_limit_once_an_hour(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    for minutes in (0, 1, 59):
        shown(database, GUESTS, NOW + timedelta(minutes=minutes))
    query = "select count(*) from outbox where convert_from(body, 'utf8') like '%contacts.limit_reached%'"
    assert one(database, query) == 1
    shown(database, GUESTS, NOW + timedelta(minutes=61))
    assert one(database, query) == 2


def test_pages_asked_for_at_the_same_moment_share_one_number(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda start: shown(database, GUESTS[start : start + 3]), (0, 3, 6, 9)))
    assert len(frozenset[UUID]().union(*(page.subjects for page in pages))) == LIMIT
