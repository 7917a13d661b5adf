"""Cohorts: of the guests who came first in a month, quarter or year, who came back when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import pygal
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.segments.pages.figures import shown
from services.segments.queries.figures.cohorts import cohorts_at, cohorts_of
from services.segments.rules.cohorts import Cell, Cohort, Mean, back_together, came_together
from shared.access.people import Hotel, May
from shared.vocabulary.window import Span, Window, last_windows, window_of
from shared.web.access_control import needs
from shared.web.charts import PLAIN, draw
from shared.web.i18n.formatting import number
from shared.web.i18n.labels import label
from shared.web.i18n.windows import window_words
from shared.web.pages.periods import hotel_shown, span_shown
from shared.web.site import here
from shared.web.table_files import Cell as TableCell
from shared.web.table_files import csv_file, workbook_file

pages = Blueprint("segments_cohorts", __name__, url_prefix="/segments/cohorts")
ROWS = {Span.MONTH: 13, Span.QUARTER: 13, Span.YEAR: 6}
AXIS = {"show_dots": False, "y_labels_major_count": 3, "show_minor_y_labels": False}
HOW = ("back", "came")
"""What stands in the triangle: who had come again by the end of a period, or who came in it."""


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all of them."""

    span: Span
    how: str
    hotel: Hotel | None
    today: date

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    def query(self, **more: str) -> str:
        return urlencode({"hotel": self.code, "span": str(self.span), "how": self.how, **more})

    def part(self, cell: Cell) -> int:
        return cell.back if self.how == "back" else cell.came


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    found, at = _found(asked)
    every = together(found, asked)
    windows = _windows(asked)
    most = max((asked.part(one) / cohort.guests for cohort in found for one in later(cohort, asked)), default=0)
    return render_template(
        "cohorts.html",
        asked=asked,
        cohorts=[(cohort, window_words(asked.span, window_of(asked.span, cohort.first))) for cohort in found],
        together=every,
        columns=columns(asked, found),
        later=later,
        shade=lambda part, whole: shown.shade(part, whole, most),
        chart=_chart(asked, every) if len(every) > 1 else None,
        ways=[("back", gettext("Came back by then")), ("came", gettext("Came in that period"))],
        counted_at=at,
        first=window_words(asked.span, windows[0]),
        last=window_words(asked.span, windows[-1]),
        **shown.beside(asked.hotel),
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(rows(asked, _found(asked)[0]), f"cohorts-{asked.code or 'all'}")


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(rows(asked, _found(asked)[0]), f"cohorts-{asked.code or 'all'}", gettext("Cohorts"))


def _asked() -> Asked:
    how = request.args.get("how", HOW[0])
    if how not in HOW:
        abort(404)
    return Asked(span_shown(Span.MONTH), how, hotel_shown(), here().now().date())


def _found(asked: Asked) -> tuple[list[Cohort], datetime | None]:
    with here().transaction() as tx:
        return cohorts_of(tx, asked.span, asked.code, _windows(asked), asked.today), cohorts_at(tx)


def _windows(asked: Asked) -> list[Window]:
    return last_windows(asked.span, asked.today, ROWS[asked.span])


def later(cohort: Cohort, asked: Asked) -> Sequence[Cell]:
    """Who came back by then may have done so in the period itself; who came in it all did."""
    return cohort.cells if asked.how == "back" else cohort.cells[1:]


def together(found: Sequence[Cohort], asked: Asked) -> list[Mean]:
    """Of all cohorts, as far as each is known: only periods that are over count."""
    return back_together(found, asked.today) if asked.how == "back" else came_together(found, asked.today)


def columns(asked: Asked, found: Sequence[Cohort]) -> list[str]:
    """How many periods after the first."""
    count = max((len(later(one, asked)) for one in found), default=0)
    begin = 0 if asked.how == "back" else 1
    return [_column(asked.span, begin + place) for place in range(count)]


def _column(span: Span, after: int) -> str:
    if not after:
        return gettext("the same")
    if span is Span.MONTH:
        return str(ngettext("%(count)s month", "%(count)s months", after, count=number(after)))
    if span is Span.QUARTER:
        return str(ngettext("%(count)s quarter", "%(count)s quarters", after, count=number(after)))
    return str(ngettext("%(count)s year", "%(count)s years", after, count=number(after)))


def rows(asked: Asked, found: Sequence[Cohort]) -> list[Sequence[TableCell]]:
    """Guests, not shares: whoever takes them along divides by the second column."""
    head: list[TableCell] = [label(asked.span), gettext("New guests"), *columns(asked, found)]
    lines: list[list[TableCell]] = [
        [cohort.first.isoformat(), cohort.guests, *(asked.part(one) for one in later(cohort, asked))]
        for cohort in found
    ]
    return [head, *lines]


def _chart(asked: Asked, every: Sequence[Mean]) -> Markup:
    chart = pygal.Line(**{**PLAIN, "margin": 8}, width=560, height=160, **AXIS)
    begin = 0 if asked.how == "back" else 1
    chart.x_labels = [f"+{begin + place}" for place in range(len(every))]
    chart.add("", [round(100 * one.share, 1) for one in every])
    return draw(chart, gettext("Per cent of new guests who came back, by periods after the first"))
