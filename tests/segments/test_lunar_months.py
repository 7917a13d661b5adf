"""The table of lunar months that rules are asked by is the calendar that Python has."""

from __future__ import annotations

from datetime import date

from services.segments.facts.families.lunar import lunar_md, lunar_months
from tests.conftest import MakeDatabase
from tests.segments.rows import rows_of


def test_the_table_and_the_calendar_are_the_same(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    kept = rows_of(database, "select begins, month, leap, days from lunar_month order by begins")
    assert kept == [(one.begins, one.month, one.leap, one.days) for one in lunar_months()]
    births = [date(1899, 12, 31), date(1900, 1, 31), date(1985, 2, 19), date(2001, 5, 23), date(2023, 3, 22)]
    asked = rows_of(database, f"select lunar_md(born) from unnest(array{[str(one) for one in births]}::date[]) as born")
    assert [md for (md,) in asked] == [lunar_md(one) for one in births] == [None, 101, 1230, 401, 201]
