"""Loyalty: how many guests come again, how often, and which tier they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.pages.figures import shown
from services.segments.pages.figures.trait_words import band_words
from services.segments.queries.figures.cohorts import cohorts_at
from services.segments.queries.figures.loyalty import Loyal, loyalty_of
from services.segments.queries.figures.stored import Place, by_window
from services.segments.store.figures.counting import GuestFigure
from services.segments.store.money.currencies import load_currencies
from shared.access.people import Hotel, May
from shared.vocabulary.window import Span, Window, a_year_before
from shared.web.access_control import needs
from shared.web.i18n.formatting import number
from shared.web.i18n.windows import window_words, windows_to_choose
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

pages = Blueprint("segments_loyalty", __name__, url_prefix="/segments/loyalty")


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all of them."""

    span: Span
    window: Window
    hotel: Hotel | None
    today: date

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""


@dataclass(frozen=True)
class Share:
    """A figure with its two numbers, and those of a year before; `which`: the filter that lists the guests behind it.
    `is_share`: shown in per cent."""

    name: str
    formula: str
    now: tuple[int, int]
    before: tuple[int, int]
    which: str
    is_share: bool


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    with here().transaction() as tx:
        shares = _shares(asked, by_window(tx, Place(asked.span, asked.window.first, asked.code), _firsts(asked)))
        loyal, at = loyalty_of(tx, asked.code), cohorts_at(tx)
        currency = load_currencies(tx).by_hotel().get(asked.code, "")
    visits = [one for one in loyal if one.by == "visits"]
    return render_template(
        "loyalty.html",
        asked=asked,
        when=window_words(asked.span, asked.window),
        shares=shares,
        tables=[
            (gettext("How often guests came"), [(band_words("visits", one.value), one) for one in visits]),
            (gettext("Tiers"), [(one.value or gettext("no tier"), one) for one in loyal if one.by == "tier"]),
        ],
        every=sum(one.guests for one in visits),
        currency=currency,
        parts_words=parts_words,
        windows=windows_to_choose(asked.span, windows_offered(asked.span, asked.today, asked.window)),
        counted_at=at,
        **shown.beside(asked.hotel),
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(_rows(asked), f"loyalty-{asked.code or 'all'}")


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(_rows(asked), f"loyalty-{asked.code or 'all'}", gettext("Loyalty"))


def _asked() -> Asked:
    span, today = span_shown(Span.YEAR), here().now().date()
    return Asked(span, window_shown(span, today), hotel_shown(), today)


def _firsts(asked: Asked) -> list[date]:
    return [asked.window.first, a_year_before(asked.window).first]


def _shares(asked: Asked, found: dict[date, GuestFigure]) -> list[Share]:
    def pair(part: str, whole: str) -> tuple[tuple[int, int], tuple[int, int]]:
        now, before = (
            (getattr(one, part), getattr(one, whole)) if (one := found.get(first)) else (0, 0)
            for first in _firsts(asked)
        )
        return now, before

    known = gettext("Of the guests who checked out, those who had stayed before the period.")
    again = gettext("Of the guests who checked out, those who came twice or more in the period.")
    visits = gettext("Visits by guest; stays of one hotel that touch are one.")
    stays = gettext("Stays that ended, by guest.")
    return [
        Share(gettext("Repeat guests, ever"), known, *pair("known", "guests"), "known", is_share=True),
        Share(gettext("Repeat guests, in the period"), again, *pair("again", "guests"), "again", is_share=True),
        Share(gettext("Visits a guest"), visits, *pair("visits", "guests"), "stayed", is_share=False),
        Share(gettext("Stays a guest"), stays, *pair("stays", "guests"), "stayed", is_share=False),
    ]


def _rows(asked: Asked) -> list[Sequence[Cell]]:
    with here().transaction() as tx:
        loyal = loyalty_of(tx, asked.code)
        currency = load_currencies(tx).by_hotel().get(asked.code, "")
    head: list[Cell] = [
        *(gettext("By what"), gettext("Value"), gettext("Guests"), gettext("Visits"), gettext("Nights")),
        *(gettext("Spend"), gettext("Currency"), gettext("Stays without a known amount")),
    ]
    lines: list[list[Cell]] = [_row(one, currency) for one in loyal]
    return [head, *lines]


def _row(one: Loyal, currency: str) -> list[Cell]:
    by = gettext("How often guests came") if one.by == "visits" else gettext("Tier")
    value = band_words("visits", one.value) if one.by == "visits" else one.value or gettext("no tier")
    return [by, value, one.guests, one.visits, one.nights, float(one.spend), currency, one.unpriced]


def parts_words(one: Share, parts: tuple[int, int]) -> str:
    part, whole = map(number, parts)
    if one.is_share:
        return gettext("%(part)s of %(whole)s", part=part, whole=whole)
    return gettext("%(part)s from %(whole)s", part=part, whole=whole)
