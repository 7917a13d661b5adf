"""In which order a column writes its dates."""

from __future__ import annotations

from datetime import date

import pytest

from services.segments.rules.dates import Order, read_date, settle_order
from shared.errors import InputError


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2016-03-01", "2016-03-02"], Order.YMD),
        (["20160301"], Order.YMD),
        (["3/1/2016", "3/13/2016"], Order.MDY),
        (["1/3/2016", "13/3/2016"], Order.DMY),
        (["01.03.2016", "31.03.2016"], Order.DMY),
        (["2016-03-01", "n/a", ""], Order.YMD),
        (["", ""], Order.YMD),
        (["3/13/2016"] * 150 + ["13/3/2016"], Order.MDY),
    ],
)
def test_the_rows_of_a_column_settle_its_order(texts: list[str], expected: Order) -> None:
    assert settle_order("status_date", {text: texts.count(text) for text in texts}) is expected


@pytest.mark.parametrize("texts", [["3/1/2016", "5/4/2016"], ["13/3/2016", "3/13/2016"]])
def test_what_fits_two_orders_or_contradicts_itself_is_asked(texts: list[str]) -> None:
    counts = dict.fromkeys(texts, 1)
    with pytest.raises(InputError, match="--dates status_date=dmy"):
        settle_order("status_date", counts)
    assert settle_order("status_date", counts, Order.MDY) is Order.MDY


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("7/4/2016", Order.MDY, date(2016, 7, 4)),
        ("7/4/2016", Order.DMY, date(2016, 4, 7)),
        ("04.07.2016 13:05", Order.DMY, date(2016, 7, 4)),
        ("2016-02-29T10:00:00Z", Order.YMD, date(2016, 2, 29)),
    ],
)
def test_a_date_is_read_in_its_columns_order(text: str, order: Order, expected: date) -> None:
    assert read_date(text, order) == expected


@pytest.mark.parametrize("text", ["2015-02-29", "31/4/2016", "1/2/16", "soon", "1-2/2016", "2016-03-01"])
def test_what_is_no_date_of_that_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_date(text, Order.YMD if text.startswith("2015") else Order.DMY)
