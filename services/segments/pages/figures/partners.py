"""Partners: which companies and channels bring stays, against a year before; who is new, and who is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.pages.figures import shown
from services.segments.pages.figures.asked import hotel_asked, span_asked
from services.segments.pages.guests.labels import hotel_name
from services.segments.queries.figures.cohorts import cohorts_at
from services.segments.queries.figures.partners import (
    BY,
    CHANNEL,
    COMPANY,
    company_name,
    guests_of_company,
    partners_in,
)
from services.segments.rules.partners import Earned, Order, Partner, partners_of, ranked
from services.segments.store.money.currencies import load_currencies
from shared.access.people import Hotel, May
from shared.vocabulary.window import Span, Window, a_year_before, window_of
from shared.web.access_control import needs
from shared.web.i18n.labels import labels
from shared.web.i18n.windows import window_words, windows_to_choose
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

pages = Blueprint("segments_partners", __name__, url_prefix="/segments/partners")
MOST_LINES = 100


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all of them."""

    span: Span
    window: Window
    by: str
    order: Order
    hotel: Hotel | None
    today: date

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    @property
    def year_before(self) -> Window:
        return a_year_before(self.window)

    def query(self) -> str:
        values = {"hotel": self.code, "span": str(self.span), "first": self.window.first.isoformat()}
        return urlencode({**values, "by": self.by, "order": str(self.order)})

    def guests_url(self, one: Partner, window: Window) -> str:
        """Where the guests behind a line are listed."""
        values = {"hotel": self.code, "span": str(self.span), "first": window.first.isoformat()}
        if self.by == COMPANY:
            return "/segments/partners/guests?" + urlencode({**values, "company": one.value})
        return "/segments/figures/guests?" + urlencode(
            {**values, "which": "stayed", "cut": CHANNEL, "value": one.value}
        )


@dataclass(frozen=True)
class Found:
    """`partners`: in their order; `nobody`: stays that name none. `nights`, `nights_before`: of all stays."""

    partners: Sequence[Partner]
    nobody: Partner | None
    nights: int
    nights_before: int
    counted_at: datetime | None

    @property
    def is_compared(self) -> bool:
        """Whether anything is known of the year before."""
        return bool(self.nights_before)


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    found = _found(asked)
    return render_template(
        "partners.html",
        asked=asked,
        found=found,
        when=window_words(asked.span, asked.window),
        then=window_words(asked.span, asked.year_before),
        lines=found.partners[:MOST_LINES],
        more=len(found.partners) - MOST_LINES,
        there=sum(bool(one.stays) for one in found.partners),
        new=sum(one.is_new for one in found.partners) if found.is_compared else 0,
        lost=sum(one.is_lost for one in found.partners),
        windows=windows_to_choose(asked.span, windows_offered(asked.span, asked.today, asked.window)),
        ways=ways(),
        orders=list(labels(Order).items()),
        hotel_name=hotel_name,
        **shown.beside(asked.hotel),
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(rows(asked, _found(asked)), _file_name(asked))


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(rows(asked, _found(asked)), _file_name(asked), gettext("Partners"))


@pages.get("/guests")
@needs(May.SEE_GUESTS)
def guests() -> str:
    """The guests who checked out in the period and were a company's."""
    span, first = span_asked()
    hotel, window = hotel_asked(), window_of(span, first)
    try:
        id = UUID(request.args.get("company", ""))
    except ValueError:
        abort(404)
    with here().transaction() as tx:
        found = guests_of_company(tx, id, window, hotel, shown.after_asked())
        name = company_name(tx, id) if found[0] else None
    return shown.guests_page(window, hotel, gettext("checked out in the period"), name or "", found)


def ways() -> list[tuple[str, str]]:
    return [(COMPANY, gettext("Company")), (CHANNEL, gettext("Channel"))]


def rows(asked: Asked, found: Found) -> list[Sequence[Cell]]:
    """A line a partner and currency; what is not of a currency stands in the first of them."""
    head: list[Cell] = [
        *(dict(ways())[asked.by], gettext("Hotel"), gettext("Stays"), gettext("Stays a year before")),
        *(gettext("Nights"), gettext("Nights a year before"), gettext("Revenue"), gettext("Revenue a year before")),
        *(gettext("Currency"), gettext("Stays of which a revenue is known")),
    ]
    lines: list[Sequence[Cell]] = [head]
    for one in [*found.partners, *([found.nobody] if found.nobody else [])]:
        name = one.name or gettext("not known")
        counts: list[Cell] = [one.stays, one.stays_before, one.nights, one.nights_before]
        first, *others = one.earned or [Earned("", 0, None, None)]
        lines.append([name, one.named_at, *counts, *_money(first)])
        lines += [[name, one.named_at, None, None, None, None, *_money(each)] for each in others]
    return lines


def _money(one: Earned) -> list[Cell]:
    return [_plain(one.now), _plain(one.before), one.currency, one.stays]


def _plain(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _file_name(asked: Asked) -> str:
    return f"partners-{asked.code or 'all'}-{asked.window.first.isoformat()}"


def _asked() -> Asked:
    """Usually the last year that is over: companies seldom come every month."""
    span, today = span_shown(Span.YEAR), here().now().date()
    by = request.args.get("by", COMPANY)
    try:
        order = Order(request.args.get("order", Order.NIGHTS))
    except ValueError:
        abort(404)
    if by not in BY:
        abort(404)
    return Asked(span, window_shown(span, today), by, order, hotel_shown(), today)


def _found(asked: Asked) -> Found:
    with here().transaction() as tx:
        parts = partners_in(tx, asked.by, asked.window, asked.year_before, asked.code)
        hotels, at = load_currencies(tx).by_hotel(), cohorts_at(tx)
    every = partners_of(parts, hotels)
    return Found(
        ranked((one for one in every if one.value), asked.order),
        next((one for one in every if not one.value), None),
        sum(one.nights for one in every),
        sum(one.nights_before for one in every),
        at,
    )
