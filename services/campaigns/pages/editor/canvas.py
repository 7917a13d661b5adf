"""What is done in the drawing, and in the list of steps where there is no script: steps come, go, change places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, flash, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from jinja2.utils import htmlsafe_json_dumps
from werkzeug.wrappers import Response

from services.campaigns.commands.drafts import redo, undo
from services.campaigns.pages.editor.changing import Refused, changed, shown
from services.campaigns.pages.editor.problems import flow_problems_of
from services.campaigns.pages.editor.view import EditorView
from services.campaigns.pages.steps import called
from services.campaigns.rules import drafting, placing
from services.campaigns.rules.placing import Line
from services.campaigns.steps.kind import Document
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.site import here

found = Blueprint("campaigns_canvas", __name__, url_prefix="/campaigns/journeys/<key>/edit")
WAYS = {"up": -1, "down": 1}
T = TypeVar("T")
MISPLACED = {
    "into_itself": _l("A fork cannot stand in one of its own ways: it stays where it was."),
    "no_such_way": _l("The fork no longer has this way: the step stays where it was."),
    "leads_back": _l("This way leads to a step that is no longer below the fork: the step stays where it was."),
}


@found.app_context_processor
def _context() -> dict[str, Any]:
    return {"canvas_told": _told}


def _told(editor: EditorView) -> str:
    """What the script of the drawing needs, as JSON that may stand in a page."""
    words = {
        "nowhere": gettext("It cannot go further."),
        "nothing_below": gettext("Nothing comes below this."),
    }
    return str(htmlsafe_json_dumps({"at": f"/campaigns/journeys/{editor.key}/edit", "words": words}))


@found.post("/steps")
@needs(May.CONFIGURE)
def add(key: str) -> Response:
    """`kind`; `drawn`: on a line of the drawing, else in the list, `after` a step."""
    kind, made = request.form.get("kind", ""), list[str]()

    def with_step(draft: Document) -> Document:
        if line := _line():
            new, step = _placed(lambda: placing.add_on(draft, kind, line))
        else:
            new, step = drafting.add_step(draft, kind, request.form.get("after") or None)
        made.append(step)
        return new

    return changed(key, with_step, opened=made, said=lambda now: gettext("Added: %(step)s", step=called(now, made[0])))


@found.post("/steps/<step>/place")
@needs(May.CONFIGURE)
def move(key: str, step: str) -> Response:
    """`drawn`: to a line of the drawing, else one place up or down in the list."""
    by, line = WAYS.get(request.form.get("way", ""), 0), _line()

    def moved(draft: Document) -> Document:
        if line is None:
            return drafting.move_step(draft, step, by)
        return _unbroken(draft, _placed(lambda: placing.move_to(draft, step, line)))

    return changed(key, moved, opened=step, said=lambda now: _moved_words(now, step, line))


@found.post("/steps/<step>/removal")
@needs(May.CONFIGURE)
def remove(key: str, step: str) -> Response:
    """With all that stands in its ways."""
    words: list[str] = []

    def without(draft: Document) -> Document:
        words.append(called(draft, step))
        return placing.take_out(draft, step)

    return changed(key, without, said=lambda _now: gettext("Removed: %(step)s", step=words[0]))


@found.post("/steps/<step>/copy")
@needs(May.CONFIGURE)
def copy(key: str, step: str) -> Response:
    made: list[str] = []

    def with_copy(draft: Document) -> Document:
        new, other = placing.copy_below(draft, step)
        made.append(other)
        return new

    return changed(key, with_copy, opened=made, said=lambda now: gettext("Added: %(step)s", step=called(now, made[0])))


@found.post("/undo")
@needs(May.CONFIGURE)
def undo_change(key: str) -> Response:
    with here().transaction() as tx:
        whose = undo(tx, key, here().now(), me().name)
    flash(gettext("Undone: the last change, by %(who)s.", who=whose) if whose else gettext("Nothing to undo."))
    return shown(key, request.form.get("opened") or None)


@found.post("/redo")
@needs(May.CONFIGURE)
def redo_change(key: str) -> Response:
    with here().transaction() as tx:
        whose = redo(tx, key, here().now(), me().name)
    flash(gettext("Done again: the change by %(who)s.", who=whose) if whose else gettext("Nothing to do again."))
    return shown(key, request.form.get("opened") or None)


def _line() -> Line | None:
    """The line of the drawing that is meant; None where the list is."""
    form = request.form
    if not form.get("drawn"):
        return None
    return Line(form.get("after") or None, form.get("into") or None, form.get("way", 0, type=int))


def _placed(place: Callable[[], T]) -> T:
    try:
        return place()
    except drafting.Misplaced as error:
        raise Refused(str(MISPLACED[error.code])) from error


def _unbroken(before: Document, after: Document) -> Document:
    """Raises `Refused` where something is wrong that was not."""
    known = flow_problems_of(before)
    new = next((one for one in flow_problems_of(after) if one not in known), None)
    if new is not None:
        raise Refused(str(gettext("The step stays where it was. %(problem)s", problem=new.text)))
    return after


def _moved_words(now: Document, step: str, line: Line | None) -> str:
    if line and line.into:
        return str(gettext("Moved: %(step)s, first in its way", step=called(now, step)))
    if line and line.after:
        where = called(now, line.after)
        return str(gettext("Moved: %(step)s, below %(other)s", step=called(now, step), other=where))
    return str(gettext("Moved: %(step)s", step=called(now, step)))
