"""How currencies are written: by code, by a sign of their own, or by a sign that several share."""

from __future__ import annotations

import re

from shared.vocabulary.currency import known_codes

SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "欧元": ("EUR",),
    "$": ("USD", "AUD", "CAD", "HKD", "SGD", "NZD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "us$": ("USD",), "u$s": ("USD",), "$us": ("USD",), "美元": ("USD",), "a$": ("AUD",), "au$": ("AUD",),
    "c$": ("CAD",), "ca$": ("CAD",), "can$": ("CAD",), "hk$": ("HKD",), "港币": ("HKD",), "港元": ("HKD",),
    "s$": ("SGD",), "sg$": ("SGD",), "nz$": ("NZD",), "mx$": ("MXN",), "nt$": ("TWD",), "r$": ("BRL",),
    "£": ("GBP", "EGP", "LBP", "GIP", "FKP", "SHP"), "英镑": ("GBP",),
    "¥": ("CNY", "JPY"), "cn¥": ("CNY",), "jp¥": ("JPY",), "rmb": ("CNY",), "rmb¥": ("CNY",), "人民币": ("CNY",),
    "元": ("CNY", "TWD", "HKD", "MOP"), "圆": ("CNY", "JPY"), "円": ("JPY",), "日元": ("JPY",), "日圓": ("JPY",),
    "₩": ("KRW",), "원": ("KRW",), "₹": ("INR",), "rs": ("INR", "PKR", "LKR", "NPR", "MUR", "SCR"),
    "₽": ("RUB",), "руб": ("RUB",), "₺": ("TRY",), "tl": ("TRY",), "zł": ("PLN",), "kč": ("CZK",), "ft": ("HUF",),
    "kr": ("SEK", "NOK", "DKK", "ISK"), "fr": ("CHF",), "sfr": ("CHF",), "lei": ("RON", "MDL"), "лв": ("BGN",),
    "฿": ("THB",), "₫": ("VND",), "đ": ("VND",), "₪": ("ILS",), "₴": ("UAH",), "₱": ("PHP",), "rm": ("MYR",),
    "rp": ("IDR",), "dhs": ("AED",), "د.إ": ("AED",), "r": ("ZAR",),
}  # fmt: skip
NO_CODES = frozenset({"ALL", "CUP", "PEN", "TOP"})  # in a heading these are words
IN_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]+)[)\]）】]")
LAST_WORD = re.compile(r"(?:^|[\s_/-])([A-Z]{3})\s*$")


def currency_named(text: str) -> str | None:
    """The code that a text names, or the sign where several currencies share it; None where it names none."""
    plain = text.strip().rstrip(".")
    if plain.upper() in known_codes():
        return plain.upper()
    sign = plain.lower()
    codes = SIGNS.get(sign)
    return None if codes is None else codes[0] if len(codes) == 1 else sign


def currency_stated(text: str) -> str:
    """As `currency_named`; a text that names none is kept: whatever is in it is not taken for another currency."""
    return currency_named(text) or text.strip().upper()


def could_be(currency: str) -> tuple[str, ...]:
    """The codes that a text given by `currency_named` may stand for."""
    return SIGNS.get(currency, (currency,))


def agreed(*stated: str | None) -> str | None:
    """The one currency that all statements allow, the first weighing most; the sign where it stays open.

    Raises ValueError where two contradict one another.
    """
    found: str | None = None
    for one in stated:
        if one is None:
            continue
        if found is None:
            found = one
            continue
        both = [code for code in could_be(found) if code in could_be(one)]
        if not both:
            raise ValueError(f"{found} and {one}")
        if len(both) == 1:
            found = both[0]
    return found


def heading_names(header: str) -> str | None:
    """The currency in a column's heading: «Revenue (EUR)», «Total €», «房费（元）», «room_revenue_CNY»."""
    for inside in IN_BRACKETS.findall(header):
        if found := currency_named(inside):
            return found
    if (last := LAST_WORD.search(header)) and last[1] not in NO_CODES:
        return currency_named(last[1])
    return next((found for sign in header if not sign.isalnum() and (found := currency_named(sign))), None)
