"""New guests: how many came for the first time, by which market, channel and country, and who of them came again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import pygal
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.segments.pages.figures import shown
from services.segments.queries.figures.cohorts import NewGuests, cohorts_at, new_by_window, new_guests_in
from services.segments.store.figures.cohorts import CUTS
from shared.access.people import Hotel, May
from shared.vocabulary.window import Span, Window, a_year_before, last_windows
from shared.web.access_control import needs
from shared.web.charts import PLAIN, draw
from shared.web.i18n.windows import window_words, windows_to_choose
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

pages = Blueprint("segments_new_guests", __name__, url_prefix="/segments/new-guests")
DRAWN = 13
MOST_LINES = 50
AXIS = {"y_labels_major_count": 3, "show_minor_y_labels": False}


@dataclass(frozen=True)
class Asked:
    span: Span
    window: Window
    cut: str
    hotel: Hotel | None
    today: date

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    def query(self, **more: str) -> str:
        values = {"hotel": self.code, "span": str(self.span), "first": self.window.first.isoformat(), "cut": self.cut}
        return urlencode({**values, **more})


@dataclass(frozen=True)
class Line:
    """`before`: how many there were in the same period a year before."""

    name: str
    new: NewGuests
    before: int


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    lines, counts, at = _found(asked)
    return render_template(
        "new_guests.html",
        asked=asked,
        when=window_words(asked.span, asked.window),
        every=sum(one.new.guests for one in lines),
        lines=lines[:MOST_LINES],
        more=len(lines) - MOST_LINES,
        chart=_chart(asked, counts) if any(counts) else None,
        windows=windows_to_choose(asked.span, windows_offered(asked.span, asked.today, asked.window)),
        cuts=_cuts(),
        counted_at=at,
        **shown.beside(asked.hotel),
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(rows(asked, _found(asked)[0]), _file_name(asked))


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(rows(asked, _found(asked)[0]), _file_name(asked), gettext("New guests"))


def _file_name(asked: Asked) -> str:
    return f"new-guests-{asked.code or 'all'}-{asked.window.first.isoformat()}"


def _asked() -> Asked:
    span, today = span_shown(Span.MONTH), here().now().date()
    cut = request.args.get("cut", "channel")
    if cut not in CUTS[1:]:
        abort(404)
    return Asked(span, window_shown(span, today), cut, hotel_shown(), today)


def _found(asked: Asked) -> tuple[list[Line], list[int], datetime | None]:
    with here().transaction() as tx:
        now = new_guests_in(tx, asked.window, asked.code, asked.cut)
        before = {one.value: one for one in new_guests_in(tx, a_year_before(asked.window), asked.code, asked.cut)}
        counts = new_by_window(tx, last_windows(asked.span, asked.window.first, DRAWN), asked.code)
        at = cohorts_at(tx)
    gone = [NewGuests(value, 0, 0, 0) for value in before if value not in {one.value for one in now}]
    return [_line(asked, one, before) for one in [*now, *gone]], counts, at


def _line(asked: Asked, one: NewGuests, before: dict[str, NewGuests]) -> Line:
    name = shown.value_words(asked.cut, one.value, gettext("not known"))
    return Line(name, one, before[one.value].guests if one.value in before else 0)


def _cuts() -> list[tuple[str, str]]:
    return [("channel", gettext("Channel")), ("market", gettext("Market")), ("country", gettext("Country"))]


def rows(asked: Asked, lines: Sequence[Line]) -> list[Sequence[Cell]]:
    head: list[Cell] = [
        dict(_cuts())[asked.cut],
        gettext("New guests"),
        gettext("A year before"),
        gettext("First came a year ago or more"),
        gettext("Of these came again within a year"),
    ]
    lines_of: list[list[Cell]] = [[one.name, one.new.guests, one.before, one.new.ripe, one.new.again] for one in lines]
    return [head, *lines_of]


def _chart(asked: Asked, counts: Sequence[int]) -> Markup:
    chart = pygal.Bar(**{**PLAIN, "margin": 8}, width=560, height=160, **AXIS)
    windows = last_windows(asked.span, asked.window.first, DRAWN)
    chart.x_labels = [window_words(asked.span, one) for one in windows]
    chart.show_x_labels = False
    chart.add("", list(counts))
    return draw(
        chart,
        gettext(
            "New guests from %(first)s to %(last)s: %(counts)s",
            first=window_words(asked.span, windows[0]),
            last=window_words(asked.span, windows[-1]),
            counts=", ".join(map(str, counts)),
        ),
    )
