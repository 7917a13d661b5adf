"""A change of a draft: it is saved at once, and the editor is shown as it then stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.drafts import change_draft
from services.campaigns.pages.editor.view import editor_view
from services.campaigns.pages.neighbours import Choices, choices
from services.campaigns.rules import drafting
from services.campaigns.steps.kind import Document
from shared.errors import GuestloopError
from shared.web.access_control import me
from shared.web.app import is_fragment
from shared.web.site import here

Change = Callable[[Document], Document]
Said = Callable[[Document], str]


class Refused(GuestloopError):
    """A change would break the flow: the draft stays as it was. The message says why, to its reader."""


def changed(
    key: str,
    change: Change,
    *,
    part: str = "",
    opened: str | list[str] | None = None,
    said: Said | None = None,
) -> Response:
    """Save the change; then the editor, or what changed of it where htmx asks for that alone. `opened`: the part that
    is to be edited next. `said`: what was done, in words, of the draft as it is then."""
    fragment, seen = is_fragment(), request.form.get("seen", "")
    known = choices() if fragment else Choices()
    words: list[str] = []

    def unless_changed(draft: Document) -> Document:
        drafting.unless_overtaken(draft, part, seen)
        now = change(draft)
        words.append(said(now) if said else "")
        return now

    try:
        with here().transaction() as tx:
            change_draft(tx, key, unless_changed, here().now(), me().name)
            chosen = opened[0] if isinstance(opened, list) else opened
            view = editor_view(tx, key, known, chosen) if fragment else None
    except drafting.Overtaken:
        return _overtaken(key, change, part)
    except Refused as error:
        flash(str(error), "problem")
        return shown(key, opened if isinstance(opened, str) else None)
    if view is not None:
        part = "_editor.html" if request.headers.get("HX-Target") == "editor" else "_saved.html"
        return make_response(render_template(part, editor=replace(view, said=words[0])))
    return _back(key, chosen)


def shown(key: str, opened: str | None = None) -> Response:
    """The editor as it stands, with the words that were flashed."""
    if not is_fragment():
        return _back(key, opened)
    known = choices()
    with here().transaction() as tx:
        view = editor_view(tx, key, known, opened)
    return make_response(render_template("_editor.html", editor=view))


def _back(key: str, opened: str | None) -> Response:
    return redirect(url_for("campaigns_editor.edit", key=key, open=opened, _anchor=f"part-{opened}"), 303)


def _overtaken(key: str, change: Change, part: str) -> Response:
    """What was typed stands in its part; saved once more, it replaces what the other wrote."""
    known = choices()
    with here().transaction() as tx:
        view = editor_view(tx, key, known, part)
    flash(
        gettext(
            "Somebody else changed this part meanwhile. What you typed stands below and is not saved yet: "
            "save it once more to replace theirs, or load the page again to see theirs."
        ),
        "problem",
    )
    typed = replace(view, draft=change(view.draft))
    if not is_fragment():
        return make_response(render_template("journey_edit.html", editor=typed), 409)
    answer = make_response(render_template("_editor.html", editor=typed))  # htmx shows nothing of an error
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#editor", "innerHTML"
    return answer
