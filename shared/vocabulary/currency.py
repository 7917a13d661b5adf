"""Currencies by their ISO 4217 codes: which there are, how many decimals each has, and which a country pays in."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_OF = {code: decimals for decimals, codes in _DECIMALS.items() for code in codes.split()}
USUAL = 2


def decimals_of(code: str) -> int:
    """Places behind the decimal mark: 0 for JPY, 3 for KWD, 2 for what is not known."""
    return _OF.get(code, USUAL)


def rounded(amount: Decimal, code: str) -> Decimal:
    """The amount in whole minor units. One that has no finer part stays as it is written."""
    unit = _unit_of(code)
    if amount.same_quantum(unit):
        return amount
    finest, exponent = unit.as_tuple().exponent, amount.as_tuple().exponent
    if isinstance(exponent, int) and isinstance(finest, int) and exponent < finest:
        return amount.quantize(unit, ROUND_HALF_UP)
    return amount


@cache
def _unit_of(code: str) -> Decimal:
    return Decimal(1).scaleb(-decimals_of(code))


@cache
def known_codes() -> frozenset[str]:
    """Every code there is or was; amounts of old stays may be in one that has ended."""
    from babel.core import get_global  # heavy, and needed only where money is read

    return frozenset(get_global("all_currencies"))


@cache
def codes_in_use() -> tuple[str, ...]:
    """Those that some country pays in today."""
    from babel.core import get_global

    return tuple(sorted({code for country in get_global("territory_currencies") for code in _tender(country)}))


@cache
def currency_of(country: str) -> str | None:
    """What a country (alpha-2) pays in; None where it is not known."""
    return next(iter(_tender(country)), None)


def _tender(country: str) -> list[str]:
    from babel.numbers import get_territory_currencies

    found: list[str] = get_territory_currencies(country)
    return found
