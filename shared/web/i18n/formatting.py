"""How instants, numbers, money and contact points are shown: filters of every page's templates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask
from flask_babel import gettext
from markupsafe import Markup, escape

from shared.localtime import local_date
from shared.web.i18n.languages import locale
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here


def place(zone: str) -> str:
    """The city a zone is named after, in the reader's language."""
    return str(dates.get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True))


def day(value: date | None) -> str:
    if value is None:
        return "–"
    return str(dates.format_date(value, format="medium", locale=locale()))


def moment(value: datetime | None, zone: str = "UTC") -> Markup:
    """«yesterday 10:00 (Lisbon)»; the exact instant for a pointer and a screen reader."""
    if value is None:
        return Markup("–")
    there = value.astimezone(ZoneInfo(zone))
    exact = f"{dates.format_datetime(there, format='long', locale=locale(), tzinfo=ZoneInfo(zone))}"
    text = f"{near_day(there.date(), local_date(here().now(), zone))} {there:%H:%M}"
    return Markup('<time datetime="{}" title="{}">{} <span class="zone">{}</span></time>').format(
        value.isoformat(), exact, text, _in_brackets(place(zone))
    )


def dates_of(value: date, skeleton: str) -> str:
    """A day by a skeleton of CLDR, such as yMMMM: the month and its year."""
    return str(dates.format_skeleton(skeleton, value, locale=locale()))


def near_day(value: date, today: date) -> str:
    """In words where it is near, else the day; the year only where it is another one."""
    words = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if (apart := (value - today).days) in words:
        return str(words[apart])
    if value.year == today.year:
        return str(dates.format_skeleton("MMMd", value, locale=locale()))
    return str(dates.format_date(value, format="medium", locale=locale()))


def _in_brackets(text: str) -> str:
    return f"（{text}）" if locale().language == "zh" else f"({text})"


def number(value: float | Decimal | None) -> str:
    return "–" if value is None else str(numbers.format_decimal(value, locale=locale()))


def percent(part: float, whole: float) -> str:
    """Never without its n: the caller shows it beside this."""
    return "–" if not whole else str(numbers.format_percent(part / whole, locale=locale()))


def money(value: Decimal | float | None, currency: str | None, *, exactly: bool = False) -> str:
    """Never a bare number: what is in no known currency says so by the sign for it, ¤. `exactly`: with every digit, as
    a price of less than a cent needs them."""
    if value is None:
        return "–"
    return str(numbers.format_currency(value, currency or "XXX", locale=locale(), decimal_quantization=not exactly))


def currency_name(code: str) -> str:
    return str(numbers.get_currency_name(code, locale=locale()))


def masked(address: str | None) -> str:
    """Enough of an address or a number to recognise it, not enough to use it."""
    if not address:
        return "–"
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}•••@{host[:1]}•••{host[host.rfind('.') :]}"
    return f"{address[:4]} ••• {address[-2:]}"


def reached(point: str) -> Markup:
    """An address to write to or a number to call; what is shortened is neither."""
    if "•" in point or point == "–":
        return Markup(escape(point))
    return link(point, f"mailto:{point}" if "@" in point else f"tel:{point.replace(' ', '')}")


def link(text: str, url: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, escape(text))


def add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        place=place,
        day=day,
        moment=moment,
        number=number,
        money=money,
        currency_name=currency_name,
        masked=masked,
        reached=reached,
        near_day=near_day,
        shown=shown_name,
    )
    app.jinja_env.globals.update(percent=percent)
