"""Pictures of a case: added by staff, seen behind the sign-in by whoever sees the case."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.commands.cases.pictures import TooManyPictures, add_picture, remove_picture
from services.feedback.pages.cases.case import page_of
from services.feedback.pages.cases.seen import NoCase, Problems, back_to, form_with_problems, visible_case
from services.feedback.queries.care import around
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError, Problem
from shared.pictures.private import shown
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled
from shared.web.access_control import me, needs
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.site import here

PICTURES = Blueprint("feedback_case_pictures", __name__, url_prefix="/feedback/cases/<uuid:case_id>/pictures")
PROBLEMS = {
    "missing": _l("Choose a picture."),
    "too_large": _l("The picture is larger than 10 MB. Take it smaller, or send a part of it."),
    "no_picture": _l("This is no picture that can be shown. JPEG, PNG and WebP can."),
    "too_many_pixels": _l("The picture has more than 50 million pixels. Take it smaller."),
    "damaged": _l("The picture cannot be read to its end. Take it again, or save it anew."),
    "too_many": _l("This case holds as many pictures as a case can. Remove one first."),
}


@PICTURES.post("")
@needs(May.CARE)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def add(case_id: UUID) -> Response:
    """The picture is made small before a transaction is open."""
    with here().transaction() as tx:
        visible_case(tx, case_id)
    try:
        picture = _read()
    except InputError as error:
        problem = error.problems["picture"]
        return _refused(case_id, problem.code if isinstance(problem, Problem) else "damaged")
    now = here().now()
    try:
        with here().transaction() as tx:
            visible_case(tx, case_id)
            if picture_id := add_picture(tx, case_id, picture, now, by=me().name):
                record(tx, me(), "case.picture_added", f"case {case_id}", {"picture": str(picture_id)}, now)
    except TooManyPictures:
        return _refused(case_id, "too_many")
    return back_to(case_id)


def _read() -> Picture:
    upload = request.files.get("picture")
    return scaled(upload.read(LARGEST_FILE + 1) if upload else b"")


def _refused(case_id: UUID, code: str) -> Response:
    with here().transaction() as tx:
        found = {"picture": str(PROBLEMS[code])}
        return form_with_problems(page_of(tx, visible_case(tx, case_id), Problems("picture", found)))


@PICTURES.get("/<uuid:picture_id>")
@needs(May.SEE_CONTACTS)
def show(case_id: UUID, picture_id: UUID) -> Response:
    with here().transaction() as tx:
        visible_case(tx, case_id)
        found = around.picture(tx, case_id, picture_id)
    if found is None:
        raise NoCase()
    return shown(bytes(found.content), found.media_type)


@PICTURES.post("/<uuid:picture_id>/removal")
@needs(May.CARE)
def remove(case_id: UUID, picture_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        visible_case(tx, case_id)
        if remove_picture(tx, case_id, picture_id, now, by=me().name):
            record(tx, me(), "case.picture_removed", f"case {case_id}", {"picture": str(picture_id)}, now)
    return back_to(case_id)
