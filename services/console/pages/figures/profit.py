"""Profit: the revenue of stays by channel, less its commission and what it costs the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.pages.figures.asked import Asked, asked, offered
from services.console.pages.figures.sources import where
from services.console.queries.properties import currencies
from services.console.queries.sources import profit_parts
from services.console.rules.figures.profit import Profit, by_channel, together
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.i18n.windows import spans_to_choose, window_words, windows_to_choose
from shared.web.pages.periods import is_one_of_several
from shared.web.site import ask_neighbours, here
from shared.web.table_files import Cell, csv_file, workbook_file

PROFIT = Blueprint("console_profit", __name__, url_prefix="/figures/profit")


@PROFIT.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    wanted = asked()
    lines = _lines(wanted)
    return render_template(
        "profit.html",
        asked=wanted,
        title=f"{window_words(wanted.span, wanted.window)} · {where(wanted)}",
        lines=lines,
        sums=together(lines),
        outlets=_outlets(wanted),
        why=why_words,
        spans=spans_to_choose(),
        windows=windows_to_choose(wanted.span, offered(wanted)),
        is_one_of_several=is_one_of_several(),
        may_change=me().may(May.CONFIGURE),
    )


@PROFIT.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    wanted = asked()
    return csv_file(_rows(_lines(wanted)), _file_name(wanted))


@PROFIT.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    wanted = asked()
    return workbook_file(_rows(_lines(wanted)), _file_name(wanted), gettext("Profit"))


def why_words(one: Profit) -> str:
    """Why a profit is not known."""
    if one.unsaid:
        return gettext("not known: no cost entered")
    if one.foreign:
        return gettext("not known: the cost is in another currency")
    return gettext("not known: no revenue")


def _file_name(wanted: Asked) -> str:
    return f"profit-{wanted.code or 'all'}-{wanted.window.first.isoformat()}"


def _lines(wanted: Asked) -> list[Profit]:
    with here().transaction() as tx:
        return by_channel(profit_parts(tx, wanted.window, wanted.code), currencies(tx))


def _outlets(wanted: Asked) -> Sequence[Mapping[str, Any]] | None:
    """What guests spent by outlet, from segments; None where it does not answer."""
    path = f"/segments/figures/outlets?{wanted.query()}"
    answer = ask_neighbours([path])[path]
    return answer["outlets"] if isinstance(answer, dict) else None


def _rows(lines: Sequence[Profit]) -> list[Sequence[Cell]]:
    head: list[Cell] = [
        *(gettext("Channel"), gettext("Currency"), gettext("Stays"), gettext("Nights"), gettext("Room revenue")),
        *(gettext("Commission"), gettext("Costs"), gettext("Profit"), gettext("Stays without a known amount")),
        gettext("Why not known"),
    ]
    return [head, *map(_row, lines)]


def _row(one: Profit) -> Sequence[Cell]:
    profit = one.profit
    return [
        *(one.channel or gettext("not known"), one.currency, one.stays, one.nights, float(one.revenue)),
        *(float(one.commission), float(one.costs), None if profit is None else float(profit), one.unpriced),
        why_words(one) if profit is None else "",
    ]
