"""Rows: plain at run time, found by place or by name in what a query returns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from shared.rows import named_row, row
from tests.conftest import MakeDatabase


@row
class Seat:
    number: int
    guest: str = "nobody"


@named_row
class NamedSeat:
    guest: str = "nobody"
    number: int


@dataclass(frozen=True, kw_only=True)
class FrozenSeat:
    number: int
    guest: str


def test_rows_are_compared_and_hashed_by_their_fields() -> None:
    assert {Seat(1, "Ana"), Seat(1, "Ana")} == {Seat(1, "Ana")}
    assert replace(Seat(1), guest="Ana") == Seat(1, "Ana") != Seat(2, "Ana")


def test_a_row_has_its_fields_and_nothing_else() -> None:
    with pytest.raises(AttributeError):
        Seat(1).gest = "Ana"  # type: ignore[attr-defined]


def test_a_named_row_is_told_by_name_alone() -> None:
    assert NamedSeat(number=1) == NamedSeat(number=1, guest="nobody")
    with pytest.raises(TypeError):
        NamedSeat("Ana", 1)  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", [Seat, NamedSeat, FrozenSeat])
@pytest.mark.parametrize("columns", ["1 as number, 'Ana' as guest", "'Ana' as guest, 1 as number"])
def test_a_query_gives_rows_in_whichever_order_its_columns_stand(
    kind: type, columns: str, make_database: MakeDatabase
) -> None:
    with make_database("campaigns").transaction() as tx:
        assert tx.rows(kind, f"select {columns}") == [kind(number=1, guest="Ana")]
        assert tx.rows(kind, f"select {columns} where false") == []


def test_a_column_that_the_class_does_not_know_is_an_error(make_database: MakeDatabase) -> None:
    with make_database("campaigns").transaction() as tx, pytest.raises(TypeError, match="room"):
        tx.rows(Seat, "select 1 as number, 'Ana' as guest, 12 as room")
