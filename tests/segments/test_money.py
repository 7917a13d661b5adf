"""How a column writes its amounts, and in which currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.segments.rules.money.amounts import Amount, Mark, read_amount, readings, settle_mark
from shared.errors import InputError
from shared.vocabulary.currency import codes_in_use, currency_of, decimals_of, known_codes, rounded
from shared.vocabulary.currency_signs import agreed, currency_named, heading_names

GROUPINGS = {
    Mark.POINT: ("", ",", " ", "\u00a0", "\u202f", "\u2009", "'", "’"),
    Mark.COMMA: ("", ".", " ", "\u00a0", "'"),
}


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,56", "1234.56", None),
        ("1,234.56", "1234.56", None),
        ("1 234,56", "1234.56", None),
        ("1\u00a0234,56", "1234.56", None),
        ("1\u2009234,56", "1234.56", None),
        ("1\u202f234,56", "1234.56", None),
        ("1'234.56", "1234.56", None),
        ("1’234.56", "1234.56", None),
        ("1,23,456.78", "123456.78", None),
        ("1.234.567", "1234567", None),
        ("120,00", "120.00", None),
        ("120,-", "120.00", None),
        ("(12.50)", "-12.50", None),
        ("12.50-", "-12.50", None),
        ("−12.50", "-12.50", None),
        ("€ -12.50", "-12.50", "EUR"),
        ("(€1,200.50)", "-1200.50", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("EUR 12.50", "12.50", "EUR"),
        ("US$1,234.50", "1234.50", "USD"),
        ("CN¥1,200.00", "1200.00", "CNY"),
        ("￥１，２００.00", "1200.00", "¥"),
        ("JPY 1,234", "1234", "JPY"),
        ("$.50", "0.50", "$"),
    ],
)
def test_an_amount_with_one_reading_is_read(text: str, value: str, currency: str | None) -> None:
    assert set(readings(text).values()) == {Amount(Decimal(value), currency)}


@pytest.mark.parametrize(
    ("text", "currency"), [("Rs.500", "rs"), ("1200元", "元"), ("500 RMB", "CNY"), ("CHF 12", "CHF"), ("12", None)]
)
def test_a_whole_number_is_the_same_with_either_mark(text: str, currency: str | None) -> None:
    first, second = readings(text).values()
    assert first == second
    assert first.currency == currency


@pytest.mark.parametrize("text", ["1,234", "CN¥1,200", "€1.234", "$1,234", "12.345", "１，２００"])
def test_what_fits_two_readings_is_asked_with_both(text: str) -> None:
    point, comma = readings(text)[Mark.POINT], readings(text)[Mark.COMMA]
    with pytest.raises(InputError, match="--numbers Total=,") as raised:
        settle_mark("Total", {text: 3, "95": 10, "": 2})
    assert f"{point.value:f}" in str(raised.value)
    assert f"{comma.value:f}" in str(raised.value)
    assert settle_mark("Total", {text: 3}, Mark.COMMA) is Mark.COMMA


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,234", "95.50"], Mark.POINT),
        (["1,234", "95,5"], Mark.COMMA),
        (["1.234", "1.234.567"], Mark.COMMA),
        (["1,234", "1,234,567"], Mark.POINT),
        (["CN¥1,200", "CN¥880.00"], Mark.POINT),
        (["1,234", "JPY 1,234"], Mark.POINT),
        (["12", "n/a", ""], Mark.POINT),
        (["95.50"] * 150 + ["95,5"], Mark.POINT),
    ],
)
def test_other_rows_of_the_column_settle_it(texts: list[str], expected: Mark) -> None:
    assert settle_mark("Total", {text: texts.count(text) for text in texts}) is expected


def test_rows_that_contradict_one_another_are_asked() -> None:
    with pytest.raises(InputError, match="contradict"):
        settle_mark("Total", {"95,50": 2, "95.50": 3})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "12%",
        "12 nights",
        "01.02.2016",
        "0,123.4",
        "12 34",
        "--5",
        "(5",
        "€ 5 USD",
        "1,2,3",
        "1e99",
        "9" * 99,
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert not readings(text)


@given(
    minor=st.integers(0, 10**11),
    mark=st.sampled_from(list(Mark)),
    grouping=st.integers(0, 7),
    around=st.sampled_from(["{}", "€{}", "{} EUR", "EUR {}", "-{}", "({})", "{}-", "€ -{}"]),
)
def test_an_amount_with_cents_is_read_back_however_it_is_written(
    minor: int, mark: Mark, grouping: int, around: str
) -> None:
    value = Decimal(minor).scaleb(-2)
    separator = GROUPINGS[mark][grouping % len(GROUPINGS[mark])]
    whole, cents = f"{value:,.2f}".split(".")
    text = around.format(whole.replace(",", separator) + mark + cents)
    negative = "-" in around or "(" in around
    assert readings(text)[mark] == Amount(
        -value if negative else value, "EUR" if "€" in around or "EUR" in around else None
    )
    assert settle_mark("Total", {text: 1}) is mark


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_value_error(text: str) -> None:
    for mark in Mark:
        try:
            assert read_amount(text, mark).value.is_finite()
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Revenue (EUR)", "EUR"),
        ("Total €", "EUR"),
        ("房费（人民币）", "CNY"),
        ("room_revenue_CNY", "CNY"),
        ("Total ALL", None),
        ("adr", None),
        ("Average rate", None),
        ("Rate ($)", "$"),
    ],
)
def test_a_heading_may_name_the_currency(header: str, expected: str | None) -> None:
    assert heading_names(header) == expected


def test_a_sign_that_several_share_is_told_apart_by_a_code() -> None:
    assert agreed("¥", None) == "¥"
    assert agreed("¥", "CNY") == agreed("JPY", "¥").replace("JPY", "CNY") == "CNY"  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="EUR"):
        agreed("EUR", "USD")
    assert currency_named("Taler") is None


def test_minor_units() -> None:
    assert (decimals_of("JPY"), decimals_of("KWD"), decimals_of("EUR")) == (0, 3, 2)
    assert [str(rounded(Decimal("12.3456"), code)) for code in ("JPY", "EUR", "KWD")] == ["12", "12.35", "12.346"]
    assert str(rounded(Decimal("12.5"), "EUR")) == "12.5"
    assert (currency_of("PT"), currency_of("CN"), currency_of("JP"), currency_of("ZZ")) == ("EUR", "CNY", "JPY", None)
    assert {"EUR", "CNY", "USD"} <= set(codes_in_use()) <= known_codes()
    assert "DEM" not in codes_in_use()
