"""Sources: by which channels and markets stays come, against a year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.pages.figures.asked import Asked, asked, offered
from services.console.queries.properties import currencies
from services.console.queries.sources import Source, revenue_by, sources_in
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.revenue import Revenue, merged
from services.console.store.figure_settings import known_channels, setting
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.i18n.windows import spans_to_choose, window_words, windows_to_choose
from shared.web.pages.periods import is_one_of_several
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

SOURCES = Blueprint("console_sources", __name__, url_prefix="/figures/sources")


@dataclass(frozen=True)
class Line:
    """`before`: the same a year before; None: nothing came from there. `is_own`: one of the house's own channels."""

    now: Source
    before: Source | None
    revenue: Sequence[Revenue]
    is_own: bool


@SOURCES.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    wanted = asked()
    lines = _lines(wanted)
    return render_template(
        "sources.html",
        asked=wanted,
        cut=_cut(wanted),
        title=f"{window_words(wanted.span, wanted.window)} · {where(wanted)}",
        lines=lines,
        nights=sum(one.now.nights for one in lines),
        nights_before=sum(one.before.nights for one in lines if one.before),
        spans=spans_to_choose(),
        windows=windows_to_choose(wanted.span, offered(wanted)),
        cuts=[("channel", gettext("Channel")), ("market", gettext("Market"))],
        is_one_of_several=is_one_of_several(),
        may_see_guests=me().may(May.SEE_GUESTS),
    )


@SOURCES.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    wanted = asked()
    return csv_file(_rows(wanted), f"sources-{wanted.code or 'all'}-{wanted.window.first.isoformat()}")


@SOURCES.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    wanted = asked()
    name = f"sources-{wanted.code or 'all'}-{wanted.window.first.isoformat()}"
    return workbook_file(_rows(wanted), name, gettext("Sources"))


def where(wanted: Asked) -> str:
    return wanted.hotel.name if wanted.hotel else gettext("All hotels")


def _cut(wanted: Asked) -> str:
    return "market" if wanted.cut == "market" else "channel"


def _lines(wanted: Asked) -> list[Line]:
    cut = _cut(wanted)
    with here().transaction() as tx:
        now = sources_in(tx, wanted.window, wanted.code, cut)
        before = {one.value: one for one in sources_in(tx, wanted.year_before, wanted.code, cut)}
        revenue, paid = revenue_by(tx, wanted.window, wanted.code, cut), currencies(tx)
        chosen = setting(tx)
        own = set(chosen.direct if chosen else own_channels(known_channels(tx))) if cut == "channel" else set()
    there = {one.value for one in now}
    gone = [Source(value, 0, 0, 0, 0, 0, 0) for value in before if value not in there]
    return [
        Line(one, before.get(one.value), merged(revenue.get(one.value, []), paid), one.value in own)
        for one in [*now, *gone]
    ]


def _rows(wanted: Asked) -> list[Sequence[Cell]]:
    head: list[Cell] = [
        *(gettext("Market") if _cut(wanted) == "market" else gettext("Channel"), gettext("Stays"), gettext("Nights")),
        *(gettext("Nights a year before"), gettext("Bookings"), gettext("Days ahead, together")),
        *(gettext("Were to arrive"), gettext("Cancelled"), gettext("Revenue"), gettext("Currency")),
    ]
    found: list[Sequence[Cell]] = [head]
    for one in _lines(wanted):
        first, now = next(iter(one.revenue), None), one.now
        found.append(
            [
                *(now.value or gettext("not known"), now.stays, now.nights, one.before.nights if one.before else 0),
                *(now.bookings, now.lead_days, now.arrivals, now.cancelled),
                *((float(first.revenue), first.currency) if first else (None, "")),
            ]
        )
        found += [[now.value, *[None] * 7, float(each.revenue), each.currency] for each in one.revenue[1:]]
    return found
