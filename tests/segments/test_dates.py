"""How a column writes its dates: settled by its rows, asked where two readings fit, then read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.segments.rules.written.dates import Order, born_before, read_birth, read_date, read_moment, settle_order
from shared.errors import InputError
from shared.month_names import MONTHS, month_named

SHORT_YEAR_LAST = [f"{day:02}/{month:02}/{year}" for year in (15, 16) for month in (1, 4, 7) for day in range(1, 29)]
SHORT_YEAR_FIRST = [f"{year}-{month:02}-{day:02}" for year in (15, 16) for month in (1, 4, 7) for day in range(1, 29)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2016-03-01", "2016-03-02"], Order.YMD),
        (["20160301"], Order.YMD),
        (["3/1/2016", "3/13/2016"], Order.MDY),
        (["1/3/2016", "13/3/2016"], Order.DMY),
        (["01.03.2016", "31.03.2016"], Order.DMY),
        (["01.03.2016"], Order.DMY),
        (["28.03.16", "01.02.16"], Order.DMY),
        (["10.04.85"], Order.DMY),
        (SHORT_YEAR_LAST, Order.DMY),
        (SHORT_YEAR_FIRST, Order.YMD),
        (["42439", "42401"], Order.SERIAL),
        (["42439.625", ""], Order.SERIAL),
        (["10-MAR-16", "01-FEB-16"], Order.YMD),
        (["2016年3月10日"], Order.YMD),
        (["2016-03-01", "n/a", ""], Order.YMD),
        (["", ""], Order.YMD),
        (["3/13/2016"] * 150 + ["13/3/2016"], Order.MDY),
    ],
)
def test_the_rows_of_a_column_settle_its_order(texts: list[str], expected: Order) -> None:
    order = settle_order("status_date", {text: texts.count(text) for text in texts})
    assert order is expected
    assert read_date(texts[0], order) if texts[0] else order is Order.YMD


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["3/1/2016", "5/4/2016"], "«3/1/2016» is «2016-01-03» as dmy; «3/1/2016» is «2016-03-01» as mdy"),
        (["13/3/2016", "3/13/2016"], "the rows contradict one another"),
        (["03/04/16"], "«03/04/16» is «2003-04-16» as ymd; «03/04/16» is «2016-04-03» as dmy"),
        (["28-03-16"], "is «2028-03-16» as ymd; «28-03-16» is «2016-03-28» as dmy"),
    ],
)
def test_what_fits_several_orders_or_contradicts_itself_is_asked_with_examples(texts: list[str], told: str) -> None:
    counts = dict.fromkeys(texts, 1)
    with pytest.raises(InputError, match="--dates status_date=dmy") as asked:
        settle_order("status_date", counts)
    assert told in str(asked.value)
    assert settle_order("status_date", counts, Order.MDY) is Order.MDY


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("7/4/2016", Order.MDY, date(2016, 7, 4)),
        ("7/4/2016", Order.DMY, date(2016, 4, 7)),
        ("04.07.2016 13:05", Order.DMY, date(2016, 7, 4)),
        ("28.03.16", Order.DMY, date(2016, 3, 28)),
        ("16-03-28", Order.YMD, date(2016, 3, 28)),
        ("3/10/2016 12:00:00 AM", Order.MDY, date(2016, 3, 10)),
        ("2016-02-29T10:00:00Z", Order.YMD, date(2016, 2, 29)),
        ("2016/3/10", Order.YMD, date(2016, 3, 10)),
        ("20160310 15:00", Order.YMD, date(2016, 3, 10)),
        ("42439", Order.SERIAL, date(2016, 3, 10)),
        ("42439.625", Order.SERIAL, date(2016, 3, 10)),
        ("2016-03-10", Order.SERIAL, date(2016, 3, 10)),
    ],
)
def test_a_date_is_read_in_its_columns_order(text: str, order: Order, expected: date) -> None:
    assert read_date(text, order) == expected


@pytest.mark.parametrize("order", [Order.YMD, Order.DMY, Order.MDY])
@pytest.mark.parametrize(
    "text",
    [
        "10-MAR-26", "10MAR26", "10-Mar-2026", "10 March 2026", "March 10, 2026", "10th of March 2026", "2026-Mar-10",
        "10. März 2026", "10 mars 2026", "10 de marzo de 2026", "10 de março de 2026", "10 marzo 2026", "mar. 10, 2026",
        "Tue, 10 Mar 2026", "mardi 10 mars 2026", "Di., 10. März 2026", "10 MARÇO 2026 14:30",
        "2026年3月10日", "2026年03月10日 14:30", "2026年3月10日 星期二", "2026 年 3 月 10 日",
    ],
)  # fmt: skip
def test_a_date_that_names_its_month_is_plain_in_any_column(text: str, order: Order) -> None:
    assert read_date(text, order) == date(2026, 3, 10)


def test_each_month_has_its_names_in_six_languages_and_no_name_is_two_months() -> None:
    names = MONTHS.split()
    assert len(names) == len(set(names))
    assert [month_named(line.split()[0].upper()) for line in MONTHS.strip().splitlines()] == list(range(1, 13))


@pytest.mark.parametrize(
    "text",
    ["2015-02-29", "31/4/2016", "1/2/016", "soon", "1-2/2016", "2016-03-01", "10-FOO-16", "2016年13月1日"],
)
def test_what_is_no_date_of_that_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_date(text, Order.YMD if text.startswith("2015") else Order.DMY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-10", date(2026, 3, 10)),
        ("2026-03-10T23:30", date(2026, 3, 10)),
        ("2026-03-10T23:30-05:00", datetime(2026, 3, 10, 23, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("2026-03-10 23:30:15.250+0800", datetime(2026, 3, 10, 15, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-03-09T16:00:00Z", datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("2026-03-09 16:00:00+00", datetime(2026, 3, 9, 16, tzinfo=UTC)),
    ],
)
def test_an_hour_with_an_offset_is_an_instant(text: str, expected: date | datetime) -> None:
    found = read_moment(text, Order.YMD)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "order", "before", "expected"),
    [
        ("10.04.85", Order.DMY, date(2016, 3, 1), date(1985, 4, 10)),
        ("10.04.30", Order.DMY, date(2016, 3, 1), date(1930, 4, 10)),
        ("10.04.05", Order.DMY, date(2016, 3, 1), date(2005, 4, 10)),
        ("10-MAR-16", Order.YMD, date(2016, 3, 10), date(1916, 3, 10)),
        ("29.02.16", Order.DMY, date(2016, 2, 1), date(1916, 2, 29)),
        ("29.02.00", Order.DMY, date(1999, 1, 1), None),
        ("50年3月10日", Order.YMD, date(2016, 3, 10), date(1950, 3, 10)),
        ("1985-04-10", Order.YMD, date(2016, 3, 1), date(1985, 4, 10)),
        ("2056-04-10", Order.YMD, date(2016, 3, 1), None),
    ],
)
def test_nobody_is_born_after_they_booked(text: str, order: Order, before: date, expected: date | None) -> None:
    assert born_before(read_birth(text, order), before) == expected


@pytest.mark.parametrize("text", ["10/03/2567", "2567-03-10", "10 March 2567", "25670310"])
@pytest.mark.parametrize("order", [Order.DMY, Order.YMD])
def test_a_year_of_the_buddhist_calendar_is_told_and_never_taken_for_ours(text: str, order: Order) -> None:
    with pytest.raises(ValueError, match="Buddhist"):
        read_date(text, order)


def test_placeholders_far_ahead_stay_dates() -> None:
    assert read_date("9999-12-31", Order.YMD) == date(9999, 12, 31)
