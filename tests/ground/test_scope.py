"""Which hotels something is about: a limit is never absent, and no hotel is in none."""

from __future__ import annotations

import re
from pathlib import Path

from shared.access.people import Person
from shared.access.scope import EVERYWHERE, Scope, scope_of, within
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.conftest import MakeDatabase

ROOT = Path(__file__).parents[2]


def test_what_belongs_to_no_hotel_is_in_no_scope_but_everywhere() -> None:
    assert None not in Scope(frozenset({"LIS"})) and "SHA" not in Scope(frozenset({"LIS"}))
    assert "LIS" in Scope(frozenset({"LIS"}))
    assert None in EVERYWHERE and "LIS" in EVERYWHERE
    assert "LIS" not in Scope() and not Scope().everywhere


def test_who_is_limited_to_no_hotel_sees_all_of_them() -> None:
    assert scope_of([]) == EVERYWHERE
    assert Person(make_id("person", "x"), "x", Role.ANALYST, frozenset({"LIS"})).scope == Scope(frozenset({"LIS"}))


def test_hotels_meet_a_scope_by_one_of_them() -> None:
    assert Scope(frozenset({"LIS"})).meets(["SHA", "LIS"]) and not Scope(frozenset({"LIS"})).meets(["SHA"])
    assert EVERYWHERE.meets([]) and not Scope(frozenset({"LIS"})).meets([])


def test_a_statement_finds_rows_of_its_scope_alone(make_database: MakeDatabase) -> None:
    query = f"select code from (values ('LIS'), ('SHA'), (null)) as row (code) where {within('code')} order by code"
    with make_database("segments").transaction() as tx:
        found = {
            name: [code for (code,) in tx.execute(query, scope.values)]
            for name, scope in (("all", EVERYWHERE), ("one", Scope(frozenset({"SHA"}))), ("none", Scope()))
        }
    assert found == {"all": ["LIS", "SHA", None], "one": ["SHA"], "none": []}


def test_no_statement_reads_an_absent_limit_as_every_hotel() -> None:
    in_sql, in_python = (
        r"%\((?:hotels|scope|codes|properties)\)s(?:::text\[\])? is null",
        r"(?:hotels|scope): [\w\[\]]+ \| None",
    )
    absent = re.compile(f"{in_sql}|{in_python}")
    found = [str(path) for path in sorted((ROOT / "services").rglob("*.py")) if absent.search(path.read_text("utf-8"))]
    assert found == []
