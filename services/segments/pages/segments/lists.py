"""Lists of guests: brought by a file, frozen from a segment; and what of a file was understood."""

from __future__ import annotations

import csv
import io

from babel.lists import format_list
from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.segments.commands.segments.lists import AskedFor, bring_list, end_list
from services.segments.pages.segments.views import segment_names
from services.segments.queries.audiences.lists import standing_lists
from services.segments.queries.audiences.named_guests import named_guests
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs, scope
from shared.web.bodies import MB, takes_files
from shared.web.i18n.formatting import number
from shared.web.i18n.languages import locale
from shared.web.site import here

pages = Blueprint("segments_lists", __name__, url_prefix="/segments/segments/lists")
MOST_LINES = 50_000
LONGEST_LINE = 200
Page = tuple[str, int]


@pages.get("")
@needs(May.CONFIGURE)
def lists() -> str:
    return _page()[0]


@pages.post("")
@needs(May.CONFIGURE)
@takes_files(5 * MB)
def bring() -> Page | Response:
    """One guest a line: an e-mail, a telephone or a reservation number in the first column."""
    name, typed = request.form.get("name", ""), request.form.get("lines", "")
    try:
        lines = _lines_of(typed)
        with here().transaction() as tx:
            found = named_guests(tx, lines, scope())
            made = bring_list(tx, name, found, me(), here().now())
    except InputError as error:
        return _page(error, name, typed)
    missing = [one.line for one in found if not one.guests]
    count = number(made.members)
    flash(ngettext("%(count)s guest is on the list.", "%(count)s guests are on the list.", made.members, count=count))
    return _page(missing=missing, lines=len(found))


@pages.post("/<list_key>/end")
@needs(May.CONFIGURE)
def end(list_key: str) -> Response:
    try:
        with here().transaction() as tx:
            end_list(tx, list_key, me(), here().now())
    except AskedFor as asked:
        with here().transaction() as tx:
            known = segment_names(tx)
        users = format_list([known.get(one, one) for one in asked.users], "standard", locale())
        flash(
            gettext("Segments ask for this list in their rules; change them first: %(segments)s", segments=users),
            "problem",
        )
        return redirect("/segments/segments/lists", 303)
    flash(gettext("The list is gone."))
    return redirect("/segments/segments/lists", 303)


def _lines_of(typed: str) -> list[str]:
    upload = request.files.get("file")
    text = typed
    if upload is not None and upload.filename:
        try:
            text = upload.stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                "This list cannot be made.", {"file": gettext("The file is not text in UTF-8.")}
            ) from error
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        lines = [row[0].strip()[:LONGEST_LINE] for row in rows if row and row[0].strip()]
    except csv.Error as error:
        raise InputError(
            "This list cannot be made.", {"file": gettext("The file cannot be read as a table.")}
        ) from error
    if not lines:
        raise InputError("This list cannot be made.", {"file": gettext("Choose a file, or write a guest a line.")})
    if len(lines) > MOST_LINES:
        words = gettext("A list has at most %(most)s lines. Bring it in parts.", most=number(MOST_LINES))
        raise InputError("This list cannot be made.", {"file": words})
    return lines


def _page(
    error: InputError | None = None, name: str = "", typed: str = "", missing: list[str] | None = None, lines: int = 0
) -> Page:
    problems = dict(error.problems) if error else {}
    if "name" in problems:
        problems["name"] = gettext("Enter a name of up to 120 characters.")
    with here().transaction() as tx:
        rows, known = standing_lists(tx), segment_names(tx)
    shown = {"rows": rows, "segments": known, "problems": problems, "name": name, "typed": typed}
    page = render_template("segment_lists.html", missing=missing, lines=lines, **shown)
    return page, 422 if error else 200
