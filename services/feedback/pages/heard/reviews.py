"""Import reviews of booking sites. A file is looked at first, as often as one likes; nothing of it is kept for that."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.reading_reviews import ReviewList
from services.feedback.commands.heard.reviews import MADE, UNCHANGED, keep_part, look_at_reviews, understood_of
from services.feedback.pages.lists import LARGEST, handed_in, name_of, problem_words, reading_as_said
from services.feedback.queries.heard import reviews as queries
from services.feedback.rules.files.days import READ_AS, DayOrder
from services.feedback.rules.files.ratings import KNOWN, SCALES
from services.feedback.rules.files.review_file import Wanted
from services.feedback.rules.files.review_headings import source_code
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.file_problem import FileProblem
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.app import is_fragment
from shared.web.bodies import OF_A_PAGE, lying_on_disk, takes_files
from shared.web.i18n.labels import label
from shared.web.site import here

REVIEWS = Blueprint("feedback_reviews", __name__, url_prefix="/feedback/reviews")
PROBLEMS: dict[str, Any] = {
    FileProblem.NO_COLUMN: _l("A column of days is needed, and one of ratings or of words."),
}


@REVIEWS.get("")
@needs(May.IMPORT_DATA)
def show() -> str:
    return _page()


@REVIEWS.post("")
@needs(May.IMPORT_DATA)
@takes_files(LARGEST + OF_A_PAGE)
def bring() -> Response:
    is_look = "look" in request.form
    try:
        found = _looked_at() if is_look else _kept()
    except InputError as error:
        return _answer(422, problem=problem_words(error, PROBLEMS))
    return _answer(422 if found["opened"].asked and not is_look else 200, is_look=is_look, **found)


def _looked_at() -> dict[str, Any]:
    outcomes = Counter[str]()
    with lying_on_disk(handed_in()) as path:
        opened = _opened(path)
        for chunk in opened.chunks():
            with here().transaction() as tx:
                outcomes.update(look_at_reviews(tx, chunk))
    return _found(opened, outcomes)


def _kept() -> dict[str, Any]:
    """In chunks, each its own transaction: a file that broke off is imported again whole, and nothing counts twice."""
    upload, outcomes, now = handed_in(), Counter[str](), here().now()
    with lying_on_disk(upload) as path:
        opened = _opened(path)
        with here().transaction() as tx:
            house = {hotel.code: house_words(tx, hotel.code) for hotel in my_hotels()}
        for chunk in opened.chunks() if not opened.asked else ():
            heard = [understood_of(one, house[one.hotel]) for one in chunk]
            with here().transaction() as tx:
                came = keep_part(tx, chunk, heard, name_of(upload), now, me())
            outcomes += came
    return _found(opened, outcomes)


def _found(opened: ReviewList, outcomes: Counter[str]) -> dict[str, Any]:
    return {
        "opened": opened,
        "read": opened.tally,
        "made": outcomes[MADE],
        "changed": outcomes.total() - outcomes[MADE] - outcomes[UNCHANGED],
        "unchanged": outcomes[UNCHANGED],
    }


def _opened(path: Any) -> ReviewList:
    order = request.form.get("dates")
    mine = my_hotels()
    chosen = next((one.code for one in mine if one.code == request.form.get("hotel")), None)
    wanted = Wanted(
        hotels={name.casefold(): one.code for one in mine for name in (one.name, one.code)},
        hotel=chosen,
        source=source_code(request.form.get("source", "")),
        order=DayOrder(order) if order in READ_AS else None,
        zones={one.code: one.zone for one in mine},
        now=here().now(),
    )
    scale = request.form.get("scale", "")
    return ReviewList(path, reading_as_said(), wanted, int(scale) if scale in map(str, SCALES) else None)


def _answer(status: int, **values: Any) -> Response:
    if is_fragment():  # htmx puts no other status on the page
        return make_response(render_template("_reviews_found.html", label=label, **values), 200)
    return make_response(_page(**values), status)


def _page(**values: Any) -> str:
    hotels = my_hotels()
    with here().transaction() as tx:
        sites = queries.sites(tx, me().scope)
    chosen = chosen_hotel() or (hotels[0] if len(hotels) == 1 else None)
    return render_template(
        "reviews.html",
        **values,
        label=label,
        sites=sites,
        hotels=[("", gettext("As the file says"))] + [(one.code, one.name) for one in hotels],
        at=request.form.get("hotel", chosen.code if chosen else ""),
        sources=sorted({*KNOWN, *(one.source for one in sites)}),
        source=request.form.get("source", ""),
    )
