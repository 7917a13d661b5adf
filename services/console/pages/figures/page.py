"""Key figures: how is the house doing, against what it wants and against last year?"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.pages.figures import shown
from services.console.pages.figures.asked import Asked, asked, offered
from services.console.pages.figures.assembled import KeyFigures, assemble
from services.console.pages.figures.changed import period_words, sentences
from services.console.pages.figures.tables import rows
from services.console.pages.other_services import silence_of
from shared.access.people import May
from shared.localtime import local_date
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.windows import spans_to_choose, windows_to_choose
from shared.web.pages.periods import is_one_of_several
from shared.web.site import here
from shared.web.table_files import csv_file, workbook_file

FIGURES = Blueprint("console_figures", __name__, url_prefix="/figures")


@FIGURES.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    wanted = asked()
    found = assemble(wanted)
    return render_template(
        "figures.html",
        asked=wanted,
        found=found,
        shown=shown,
        title=title_of(wanted),
        spans=spans_to_choose(),
        windows=windows_to_choose(wanted.span, offered(wanted)),
        cuts=cut_words(),
        values=[(one["value"], value_name(one["name"])) for one in found.values],
        silent=[silence_of(service) for service in found.silent],
        is_one_of_several=is_one_of_several(),
        may_see_guests=me().may(May.SEE_GUESTS),
        may_change=me().may(May.CONFIGURE),
        is_empty=is_empty(found),
        changed=changed(wanted, found),
    )


@FIGURES.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    wanted = asked()
    return csv_file(rows(wanted, assemble(wanted), title_of(wanted)), _file_name(wanted))


@FIGURES.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    wanted = asked()
    table = rows(wanted, assemble(wanted), title_of(wanted))
    return workbook_file(table, _file_name(wanted), gettext("Key figures"), heads=(0, 2))


def changed(wanted: Asked, found: KeyFigures) -> list[str]:
    names = {hotel.code: hotel.name for hotel in my_hotels()}
    return sentences(wanted, found, names, local_date(here().now(), wanted.zone))


def title_of(wanted: Asked) -> str:
    where = wanted.hotel.name if wanted.hotel else gettext("All hotels")
    return f"{period_words(wanted, wanted.window)} · {where}"


def cut_words() -> list[tuple[str, str]]:
    return [
        ("", gettext("Everybody")),
        ("market", gettext("Market")),
        ("channel", gettext("Channel")),
        ("country", gettext("Country")),
        ("segment", gettext("Segment or class")),
    ]


def value_name(name: str) -> str:
    return name or gettext("not known")


def is_empty(found: KeyFigures) -> bool:
    return not any(line.now.whole or line.before.whole for line in found.lines)


def _file_name(wanted: Asked) -> str:
    return f"figures-{wanted.code or 'all'}-{wanted.window.first.isoformat()}"
