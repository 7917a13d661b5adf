"""A line of a file of uses: code, hotel, day, and what it was worth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from shared.vocabulary.currency import known_codes
from shared.vocabulary.term import N_, Term

HEADINGS: Mapping[str, str] = {
    "code": "code codes voucher coupon promo_code voucher_code gutschein gutscheincode codigo 代码 券码 优惠码",
    "hotel": "hotel property house outlet location filiale 酒店 门店",
    "on": "date day used_on redeemed_on redeemed datum fecha data 日期 使用日期",
    "amount": "amount value total sum betrag importe montant valor 金额",
    "currency": "currency ccy wahrung moneda devise moeda 货币 币种",
    "reservation": "reservation reservation_no reservation_number booking confirmation reserva 预订号 预订",
}
NAMED = {heading: column for column, headings in HEADINGS.items() for heading in headings.split()}
"""By heading, as `normalised` leaves it, the column it stands for."""
BIG_ENDIAN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")


class UseFault(Term):
    """Why a line of the file cannot be read."""

    BROKEN = "broken", N_("cannot be cut into cells as the other lines are")
    CODE = "code", N_("there is no code in it")
    HOTEL = "hotel", N_("the hotel is none of yours")
    DAY = "day", N_("the day is not written as 2026-12-31 or 31.12.2026, or is still to come")
    AMOUNT = "amount", N_("the amount is no number that reads in one way only")
    CURRENCY = "currency", N_("the currency is no code such as EUR")


@dataclass(frozen=True)
class UseLine:
    code: str
    hotel: str
    on: date
    amount: Decimal | None
    currency: str | None
    reservation: str | None


def read_line(cells: Mapping[str, str], hotels: Mapping[str, str], today: date) -> UseLine | UseFault:
    """`hotels`: by name and code in small letters, their codes; a file of one hotel alone need not name it."""
    given = {name: text.strip() for name, text in cells.items()}
    code, hotel = given.get("code", ""), hotels.get(given.get("hotel", "").casefold())
    on, amount = day_in(given.get("on", "")), amount_in(given.get("amount", ""))
    currency = given.get("currency", "").upper() or None
    if not code:
        return UseFault.CODE
    if hotel is None:
        return UseFault.HOTEL
    if on is None or on > today:
        return UseFault.DAY
    if given.get("amount") and amount is None:
        return UseFault.AMOUNT
    if currency and currency not in known_codes():
        return UseFault.CURRENCY
    return UseLine(code, hotel, on, amount, currency, given.get("reservation") or None)


def day_in(text: str) -> date | None:
    """A day that reads in one way only; 03/04/2026 does not."""
    found = BIG_ENDIAN.fullmatch(text)
    parts = found.groups() if found else tuple(reversed(found.groups())) if (found := GERMAN.fullmatch(text)) else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def amount_in(text: str) -> Decimal | None:
    """1,234.50 and 1.234,50 are known by both signs; a single sign before three figures could be either."""
    if not NUMBER.fullmatch(text):
        return None
    signs = [sign for sign in text if sign in ".,"]
    if signs and len(set(signs)) == 1 and re.search(r"[.,]\d{3}$", text):
        return None
    decimal = signs[-1] if signs and (len(set(signs)) == 2 or len(signs) == 1) else ""
    plain = "".join("." if sign == decimal else sign for sign in text if sign.isdigit() or sign == decimal)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
