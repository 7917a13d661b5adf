"""Tags: which rules give, which were put on a segment, and the way back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands import tags as commands
from services.segments.pages.segments.views import segment_names
from services.segments.queries.audiences.tags import newest_runs, rules_with_counts
from services.segments.store.tags import known_tags
from shared.access.people import May
from shared.errors import Conflict, InputError
from shared.web.access_control import me, needs
from shared.web.site import here

pages = Blueprint("segments_tags", __name__, url_prefix="/segments/segments")
MOST_SUGGESTED = 500
KINDS = {
    "attribute": _l("Attribute: what the guest is"),
    "behaviour": _l("Behaviour: what the guest does"),
    "need": _l("Need: what the guest wants"),
}
Page = tuple[str, int]


@pages.get("/tags")
@needs(May.CONFIGURE)
def tags() -> str:
    return _page()[0]


@pages.post("/tags")
@needs(May.CONFIGURE)
def make_rule() -> Page | Response:
    form = {name: request.form.get(name, "").strip() for name in ("tag", "kind", "segment")}
    try:
        with here().transaction() as tx:
            commands.make_rule(tx, form["segment"], form["tag"], form["kind"], me(), here().now())
    except InputError as error:
        return _page(form, set(error.problems))
    except Conflict:
        return _page(form, {"conflict"})
    flash(gettext("From now on whoever is in the segment has the tag, and loses it on leaving."))
    return redirect("/segments/segments/tags", 303)


@pages.post("/tags/rules/<uuid:rule_id>/end")
@needs(May.CONFIGURE)
def end_rule(rule_id: UUID) -> Response:
    with here().transaction() as tx:
        commands.end_rule(tx, rule_id, me(), here().now())
    flash(gettext("The rule is gone. Who has the tag keeps it."))
    return redirect("/segments/segments/tags", 303)


@pages.post("/tags/runs/<uuid:run_id>/undo")
@needs(May.CONFIGURE)
def undo(run_id: UUID) -> Response:
    with here().transaction() as tx:
        commands.undo_run(tx, run_id, me(), here().now())
    flash(gettext("It is being taken back, for those alone whom it changed."))
    return redirect("/segments/segments/tags", 303)


@pages.post("/<key>/tags")
@needs(May.CONFIGURE)
def tag_all(key: str) -> Response:
    """Whoever is in the segment gets the tag, or loses it."""
    try:
        with here().transaction() as tx:
            adds = request.form.get("verb") != "remove"
            commands.tag_segment(tx, key, request.form.get("tag", ""), me(), here().now(), adds=adds)
    except InputError:
        flash(gettext("A tag has 1 to 40 characters, and no comma."), "problem")
        return redirect(f"/segments/segments/{key}/about", 303)
    flash(gettext("Under way. The guests are changed in the background; it can be undone here."))
    return redirect("/segments/segments/tags", 303)


def _page(form: dict[str, str] | None = None, wrong: set[str] | None = None) -> Page:
    words = {
        "tag": gettext("A tag has 1 to 40 characters, and no comma."),
        "kind": gettext("Choose one of the three kinds."),
        "conflict": gettext("A rule gives this tag already, or the segment itself asks for tags that rules give."),
    }
    problems = {("tag" if name == "conflict" else name): words[name] for name in wrong or () if name in words}
    with here().transaction() as tx:
        shown = {
            "rules": rules_with_counts(tx),
            "runs": newest_runs(tx),
            "segments": segment_names(tx),
            "known": known_tags(tx, MOST_SUGGESTED),
        }
    page = render_template("segment_tags.html", kinds=KINDS, form=form or {}, problems=problems, **shown)
    return page, 422 if wrong else 200
