"""Import the people who objected in another tool. A file only ever closes contact points.

It is looked at first, as often as one likes; nothing of it is kept for that. htmx shows what was found beside the form,
which keeps its file.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from services.feedback.commands.list_objections import Closed
from services.feedback.commands.read_opt_outs import OptOutList
from services.feedback.pages.lists import LARGEST, handed_in, name_of, problem_words, reading_as_said
from services.feedback.queries import optouts as queries
from services.feedback.rules.files.days import DayOrder
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.optout import OptOutScope
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.app import is_fragment
from shared.web.bodies import OF_A_PAGE, lying_on_disk, takes_files
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale
from shared.web.site import here

OPT_OUTS = Blueprint("feedback_opt_outs", __name__, url_prefix="/feedback/opt-outs")
SCOPES = (OptOutScope.MARKETING, OptOutScope.CHANNEL)
"""What a file may end."""
ANSWERS = ("sheet", "encoding", "dates")
"""What may be asked of a file. An answer stays with the form, which keeps its file."""
PROBLEMS: dict[str, Any] = {
    FileProblem.NO_COLUMN: _l(
        "No column holds e-mail addresses or phone numbers. Numbers need a heading, or a country code."
    ),
}


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
    try:
        found = _looked_at() if "look" in request.form else _closed()
    except InputError as error:
        return _answer(422, problem=problem_words(error, PROBLEMS))
    return _answer(422 if found["asked"] and not found["is_look"] else 200, **found)


def _looked_at() -> dict[str, Any]:
    upload, scope, closed = handed_in(), _scope(), Closed()
    with lying_on_disk(upload) as path:
        opened = OptOutList(path, reading_as_said(), _region(), _order())
        for chunk in opened.chunks():
            with here().transaction() as tx:
                closed.look(tx, chunk, scope)
    return _found(opened, closed, upload, is_look=True)


def _closed() -> dict[str, Any]:
    """In chunks, each its own transaction: a file that broke off is imported again whole, and nothing counts twice."""
    upload, scope, closed, now = handed_in(), _scope(), Closed(), here().now()
    with lying_on_disk(upload) as path:
        opened = OptOutList(path, reading_as_said(), _region(), _order())
        for chunk in opened.chunks() if not opened.asked else ():
            with here().transaction() as tx:
                closed.close(tx, chunk, scope, name_of(upload), now, me())
    return _found(opened, closed, upload, is_look=False)


def _found(opened: OptOutList, closed: Closed, upload: FileStorage, *, is_look: bool) -> dict[str, Any]:
    return {
        "read": opened.tally,
        "opened": opened,
        "closed": closed,
        "asked": opened.asked,
        "said": {name: said for name in ANSWERS if (said := request.form.get(name))},
        "order_label": lambda code: label(DayOrder(code)),
        "is_look": is_look,
        "name": name_of(upload),
    }


def _scope() -> OptOutScope:
    wanted = request.form.get("scope", "")
    return OptOutScope(wanted) if wanted in SCOPES else OptOutScope.MARKETING


def _region() -> str | None:
    region = request.form.get("country", "")
    return region if region in _countries() else None


def _order() -> DayOrder | None:
    said = request.form.get("dates")
    return DayOrder(said) if said in set(DayOrder) else None


def _countries() -> list[str]:
    """The countries of this person's hotels."""
    return sorted({hotel.country for hotel in my_hotels()})


def _usual_country() -> str:
    """Empty where there are several: a number read in the wrong country would close nobody's."""
    chosen, countries = chosen_hotel(), _countries()
    return chosen.country if chosen else countries[0] if len(countries) == 1 else ""


def _answer(status: int, **values: Any) -> Response:
    if is_fragment():  # htmx puts no other status on the page
        return make_response(render_template("_opt_outs_found.html", label=label, **values), 200)
    return make_response(_page(**values), status)


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
    )
