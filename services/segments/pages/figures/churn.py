"""Churn: who was lost, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.pages.figures import shown
from services.segments.pages.figures.asked import LONGEST_VALUE, hotel_asked, span_asked
from services.segments.pages.figures.trait_words import TRAITS, trait_value
from services.segments.queries.figures.churn import Line, LostAsked, churn_of, lost_guests
from services.segments.queries.figures.stored import counted_at, night_of
from services.segments.rules.lift import CHANCE, FEWEST, FEWEST_LOST, Counted
from shared.access.people import Hotel, May
from shared.vocabulary.window import Span, Window, a_year_before, window_of
from shared.web.access_control import needs
from shared.web.i18n.windows import window_words, windows_to_choose
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

pages = Blueprint("segments_churn", __name__, url_prefix="/segments/churn")
MOST_LINES = 40


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all of them."""

    span: Span
    window: Window
    trait: str
    hotel: Hotel | None
    today: date

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    @property
    def is_over(self) -> bool:
        return self.window.until <= self.today

    def query(self, **more: str) -> str:
        values = {"hotel": self.code, "span": str(self.span), "first": self.window.first.isoformat()}
        return urlencode({**values, "trait": self.trait, **more})


@dataclass(frozen=True)
class Found:
    """`every`, `before`: everybody of the window, and of the same one a year before."""

    every: Counted
    lines: list[Line]
    before: Counted
    counted_at: datetime | None


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    found = _found(asked)
    certain = [one for one in found.lines if one.lift and one.lift.is_certain]
    of_trait = [one for one in found.lines if one.trait == asked.trait]
    return render_template(
        "churn.html",
        asked=asked,
        found=found,
        when=window_words(asked.span, asked.window),
        earlier=window_words(asked.span, window_of(asked.span, asked.window.before)),
        more_often=sorted((one for one in certain if one.lift and one.lift.low > 1), key=_by_lift, reverse=True),
        less_often=sorted((one for one in certain if one.lift and one.lift.high < 1), key=_by_lift),
        lines=of_trait[:MOST_LINES],
        more=len(of_trait) - MOST_LINES,
        traits=list(TRAITS.items()),
        trait_value=trait_value,
        windows=windows_to_choose(asked.span, windows_offered(asked.span, asked.today, asked.window)),
        **shown.beside(asked.hotel),
        rules={"fewest": FEWEST, "fewest_lost": FEWEST_LOST, "sure": f"{1 - CHANCE:.0%}"},
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(rows(_found(asked)), _file_name(asked))


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(rows(_found(asked)), _file_name(asked), gettext("Churn"))


@pages.get("/guests")
@needs(May.SEE_GUESTS)
def guests() -> str:
    """The guests lost, of a value of a trait."""
    span, first = span_asked()
    trait, value = request.args.get("trait", ""), request.args.get("value")
    if (trait and trait not in TRAITS) or len(value or "") > LONGEST_VALUE:
        abort(404)
    trait = trait if value is not None else ""
    asked = LostAsked(window_of(span, first), hotel_asked(), trait, value or "")
    with here().transaction() as tx:
        found = lost_guests(tx, asked, here().now().date(), shown.after_asked())
        at = night_of(tx, asked.window)
    name = f"{TRAITS[trait]}: {trait_value(trait, asked.value)}" if trait else ""
    words = gettext("checked out in the period before, and not in this one")
    return shown.guests_page(asked.window, asked.property, words, name, found, at)


def _by_lift(one: Line) -> float:
    return one.lift.value if one.lift else 1


def _file_name(asked: Asked) -> str:
    return f"churn-{asked.code or 'all'}-{asked.window.first.isoformat()}"


def _asked() -> Asked:
    """Usually the last year that is over: guests of hotels seldom come every month."""
    span, today = span_shown(Span.YEAR), here().now().date()
    trait = request.args.get("trait", "channel")
    if trait not in TRAITS:
        abort(404)
    return Asked(span, window_shown(span, today), trait, hotel_shown(), today)


def _found(asked: Asked) -> Found:
    with here().transaction() as tx:
        every, lines = churn_of(tx, asked.span, asked.window.first, asked.code)
        before, _ = churn_of(tx, asked.span, a_year_before(asked.window).first, asked.code)
        return Found(every, lines, before, counted_at(tx, asked.span, asked.window.first))


def rows(found: Found) -> list[Sequence[Cell]]:
    head: list[Cell] = [
        gettext("Trait"),
        gettext("Value"),
        gettext("Guests of the period before"),
        gettext("Of these lost"),
        *(gettext("Lift"), gettext("Lift at least"), gettext("Lift at most")),
    ]
    lines: list[list[Cell]] = [[str(TRAITS[one.trait]), *_cells(one)] for one in found.lines]
    everybody: list[Cell] = [gettext("Everybody"), "", found.every.guests, found.every.lost, None, None, None]
    return [head, everybody, *lines]


def _cells(one: Line) -> list[Cell]:
    lift = one.lift
    rounded = [round(lift.value, 4), round(lift.low, 4), round(lift.high, 4)] if lift else [None] * 3
    return [trait_value(one.trait, one.value), one.before, one.lost, *rounded]
