"""Import the people who objected in another tool. A file only ever closes contact points."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.commands.list_objections import known_of_nobody, list_objections
from services.feedback.queries import optouts as queries
from services.feedback.rules.opt_out_file import Objection, OptOutFile, read_file
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.optout import OptOutScope
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale
from shared.web.site import here

OPT_OUTS = Blueprint("feedback_opt_outs", __name__, url_prefix="/feedback/opt-outs")
SCOPES = (OptOutScope.MARKETING, OptOutScope.CHANNEL)
"""What a file may end."""
PROBLEMS = {
    "missing": _l("Choose a file."),
    "empty": _l("The file is empty."),
    "no_csv": _l("This is not a CSV file. Save the table as CSV and import that."),
    "no_column": _l("No column holds e-mail addresses or phone numbers. Numbers need a heading, or a country code."),
    "too_large": _l("The file is larger than 20 MB. Import it in parts."),
}
LARGEST, AT_ONCE, MOST_SHOWN = 20 * 1024 * 1024, 5000, 200


@OPT_OUTS.before_request
def for_all_hotels() -> None:
    """Only those who see all hotels may come here: an objection counts for every hotel of the group."""
    if me().properties:
        abort(403)


@OPT_OUTS.get("")
@needs(May.IMPORT_DATA)
def show() -> str:
    return _page()


@OPT_OUTS.post("")
@needs(May.IMPORT_DATA)
@takes_files(LARGEST + OF_A_PAGE)
def bring() -> Response:
    upload, wanted = request.files.get("file"), request.form.get("scope", "")
    try:
        name, read = upload.filename or "" if upload else "", _read()
    except InputError as error:
        text = str(PROBLEMS.get(error.problems.get("file", ""), error))
        return make_response(_page(problem=text), 422)
    scope = OptOutScope(wanted) if wanted in SCOPES else OptOutScope.MARKETING
    new, strangers = _listed(read.objections, scope, name[:200] or gettext("a file without a name"))
    return make_response(_page(read=read, new=new, strangers=strangers, name=name), 200)


def _read() -> OptOutFile:
    upload = request.files.get("file")
    content = upload.read(LARGEST + 1) if upload else b""
    if not content:
        raise InputError(problems={"file": "empty" if upload and upload.filename else "missing"})
    if len(content) > LARGEST:
        raise InputError(problems={"file": "too_large"})
    region = request.form.get("country", "")
    return read_file(content, region if region in _countries() else None)


def _listed(objections: list[Objection], scope: OptOutScope, name: str) -> tuple[int, list[Objection]]:
    """How many are new, and those that no guest here has. In chunks, each its own transaction: a file that broke off is
    imported again whole, and nothing counts twice.
    """
    new, strangers, now = 0, list[Objection](), here().now()
    for start in range(0, len(objections), AT_ONCE):
        with here().transaction() as tx:
            chunk = objections[start : start + AT_ONCE]
            nobodys = known_of_nobody(tx, chunk)
            closed = list_objections(tx, chunk, scope, name, now)
            details = {"new": closed, "of": len(chunk), "nobodys": len(nobodys), "scope": scope, "from": start + 1}
            record(tx, me(), "optouts.brought", "opt-outs", details, now)
        new += closed
        strangers += nobodys
    return new, strangers


def _countries() -> list[str]:
    """The countries of this person's hotels."""
    return sorted({hotel.country for hotel in my_hotels()})


def _usual_country() -> str:
    """Empty where there are several: a number read in the wrong country would close nobody's."""
    chosen, countries = chosen_hotel(), _countries()
    return chosen.country if chosen else countries[0] if len(countries) == 1 else ""


def _page(**values: Any) -> str:
    with here().transaction() as tx:
        files = queries.files(tx)
    return render_template(
        "opt_outs.html",
        **values,
        files=files,
        scopes=[(str(scope), label(scope)) for scope in SCOPES],
        scope_label=lambda code: label(OptOutScope(code)),
        label=label,
        country=request.form.get("country", _usual_country()),
        countries=[(code, locale().territories.get(code, code)) for code in _countries()],
        most_shown=MOST_SHOWN,
    )
