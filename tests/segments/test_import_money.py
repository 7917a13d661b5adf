"""Amounts of a file, row by row: what they come to and in which currency."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.survey import survey
from services.segments.rules.money.amounts import Mark
from services.segments.rules.reservations import Reservation
from services.segments.schemas.readers import RowReader
from shared.errors import InputError

KNOWN = "reservation_no,property,status,status_date,booked_on,arrival,departure,last_name"
ROW = "LIS-{},LIS,booked,2016-03-01,2016-03-01,2016-03-10,2016-03-12,Cantu"
Cells = Sequence[str]


def read(folder: Path, header: str, rows: Sequence[Cells], mapping: ImportMapping | None = None) -> list[Reservation]:
    quoted = [",".join((ROW.format(number), *(f'"{cell}"' for cell in cells))) for number, cells in enumerate(rows, 1)]
    path = folder / "a.csv"
    path.write_text("\n".join((f"{KNOWN},{header}", *quoted)) + "\n", encoding="utf-8")
    mapping = mapping or ImportMapping()
    table = Table(path)
    reader = RowReader(survey(table, mapping), mapping)
    return [reader.read(record.cells) for record in table.records()]


def money(rows: Sequence[Reservation]) -> list[tuple[str | None, str | None]]:
    return [(None if row.revenue is None else str(row.revenue), row.currency) for row in rows]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("revenue", [["1.234,56"], ["1 234,50"], ["1.000"]], [("1234.56", None), ("1234.50", None), ("1000", None)]),
        ("revenue", [["CN¥1,200"], ["CN¥880.50"]], [("1200", "CNY"), ("880.50", "CNY")]),
        ("revenue,currency", [["120,00", "EUR"], ["99,5", "usd"]], [("120.00", "EUR"), ("99.5", "USD")]),
        ("revenue,currency", [["¥500.00", "CNY"], ["¥500", "JPY"]], [("500.00", "CNY"), ("500", "JPY")]),
        ("revenue,currency", [["€5.00", "USD"], ["5.00", "Taler"]], [(None, "USD"), ("5.00", "TALER")]),
        ("revenue", [["$12.50"], ["(12.50)"], ["12.50-"]], [("12.50", "$"), ("-12.50", None), ("-12.50", None)]),
        ("revenue,currency", [["12.345", "KWD"], ["12.5678", "KWD"]], [("12.345", "KWD"), ("12.568", "KWD")]),
        ("revenue,currency", [["1234.50", "JPY"], ["free", "JPY"]], [("1235", "JPY"), (None, "JPY")]),
    ],
)
def test_an_amount_comes_in_with_the_currency_its_row_states(
    tmp_path: Path, header: str, cells: list[Cells], expected: list[Any]
) -> None:
    assert money(read(tmp_path, header, cells)) == expected


def test_a_heading_and_then_the_mapping_say_what_nothing_nearer_does(tmp_path: Path) -> None:
    columns = {"revenue": "Umsatz (EUR)"}
    assert money(read(tmp_path, "Umsatz (EUR)", [["5"], ["€6"], ["$7"]], ImportMapping(columns=columns))) == [
        ("5", "EUR"),
        ("6", "EUR"),
        (None, None),
    ]
    constant = ImportMapping(currency="AUD")
    assert money(read(tmp_path, "revenue", [["5"], ["$6"], ["€7"]], constant)) == [
        ("5", "AUD"),
        ("6", "AUD"),
        ("7", "EUR"),
    ]


def test_a_column_that_fits_two_readings_is_asked_for_and_read_as_answered(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"«1,234» may be 1234 or 1\.234"):
        read(tmp_path, "revenue", [["1,234"], ["95"]])
    answered = read(tmp_path, "revenue", [["1,234"], ["95"]], ImportMapping(numbers={"Revenue": Mark.POINT}))
    assert money(answered) == [("1234", None), ("95", None)]


def test_an_absurd_rate_is_judged_within_its_currency(tmp_path: Path) -> None:
    rows = [[f"{euros}.00", "80.00", "EUR"] for euros in range(70, 90)]
    rows += [[f"{yen}", "12000", "JPY"] for yen in range(9000, 9020)]
    rows += [["5400.00", "10800.00", "EUR"]]
    found = read(tmp_path, "adr,revenue,currency", rows)
    assert [row.revenue is None for row in found] == [False] * 40 + [True]


def test_a_rate_below_nothing_is_unknown_and_a_refund_is_not(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "adr,revenue", [["-6.38", "-12.50"]])
    assert found.rate is None
    assert str(found.revenue) == "-12.50"
