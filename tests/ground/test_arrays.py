"""Lists reach PostgreSQL as they are, however odd their elements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shared.database.arrays import array_literal
from tests.conftest import MakeDatabase


class Colour(StrEnum):
    RED = "red"


ODD = [
    '"',
    "\\",
    '\\"',
    "\n",
    "\\n",
    "\\\\n",
    "a,b",
    "{}",
    "",
    "null",
    "NULL",
    " x ",
    "é广",
    "\t",
    "\x7f",
    "'",
    "\u2028",
]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", [*ODD, None]),
        ("text", []),
        ("text", [Colour.RED, "blue"]),
        ("int", [1, -2, None]),
        ("boolean", [True, False, None]),
        ("uuid", [UUID(int=7), None]),
        ("date", [date(2016, 2, 29), None]),
        ("timestamptz", [datetime(2016, 2, 29, 1, 2, 3, 456, tzinfo=UTC), None]),
        ("interval", [timedelta(days=60), None]),
        ("bytea", [b"\\x00", b'"', None]),
        ("float8", [1.5, float("inf")]),
        ("text[]", [["a", "b"], ["c", '"']]),
    ],
)
def test_a_list_arrives_as_it_was(make_database: MakeDatabase, kind: str, values: list[Any]) -> None:
    with make_database("campaigns").transaction() as tx:
        row = tx.execute(f"select %s::{kind.removesuffix('[]')}[]", [values]).fetchone()
    assert row == (values,)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.none() | some.text(some.characters(exclude_characters="\x00", codec="utf-8"))))
def test_any_text_arrives_as_it_was(text_echo: Any, values: list[str | None]) -> None:
    assert text_echo(values) == values


@pytest.fixture
def text_echo(make_database: MakeDatabase) -> Any:
    with make_database("campaigns").transaction() as tx:
        yield lambda values: tx.execute("select %s::text[]", [values]).fetchall()[0][0]


def test_json_documents_in_a_list_arrive_as_they_were(make_database: MakeDatabase) -> None:
    with make_database("campaigns").transaction() as tx:
        rows = tx.execute("select unnest(%s::jsonb[])", [['{"a": "b\\"c"}', '{"x": "l\\nm"}', "[]", None]]).fetchall()
    assert [row[0] for row in rows] == [{"a": 'b"c'}, {"x": "l\nm"}, [], None]


def test_what_is_not_plain_is_left_to_psycopg() -> None:
    assert array_literal(["plain", None, 1]) == b'{"plain",null,1}'
    for values in ([b"x"], [["nested"]], [1.5], ["tab\t"], [{"a": 1}]):
        assert array_literal(values) is None
