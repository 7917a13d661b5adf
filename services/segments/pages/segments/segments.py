"""Who can I talk to? The segments, and the form in which a rule is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from babel.lists import format_list
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.segments.edit import edit_segment, make_segment
from services.segments.commands.segments.lifecycle import (
    NamedInSegments,
    Saved,
    TagsGiven,
    release_segment,
    retire_segment,
    use_segment,
)
from services.segments.facts.fact import Values
from services.segments.pages.segments.draft_changes import change
from services.segments.pages.segments.drafts import document_of, draft_of
from services.segments.pages.segments.listing import listing
from services.segments.pages.segments.views import (
    DAYS,
    SegmentForm,
    hotel_names,
    name_of,
    names,
    outcome_of,
    own_problems,
    signed,
    way_back,
    widgets,
)
from services.segments.shipped.starters import STARTERS
from services.segments.store.segments import find
from shared.access import audit
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, needs, scope
from shared.web.app import is_fragment
from shared.web.i18n.languages import locale
from shared.web.i18n.shipped_names import kept_name, shown_name
from shared.web.site import here

pages = Blueprint("segments_segments", __name__, url_prefix="/segments/segments")
Page = tuple[str, int]
NAMES: dict[str, Any] = {"full_name": name_of, "hotel_name": lambda code: hotel_names().get(code, code)}


@pages.get("")
@needs(May.CONFIGURE)
def segments() -> str:
    with here().transaction() as tx:
        found = listing(tx)
    return render_template("segments.html", found=found, days=DAYS, signed=signed, scoped=not scope().everywhere)


@pages.get("/new")
@needs(May.CONFIGURE)
def new() -> str:
    """Empty, or as one of the segments to start from has it."""
    wanted = request.args.get("template", "")
    starter = next((one for one in STARTERS if one.key == wanted), None)
    if starter is None:
        back, key = way_back(request.args), request.args.get("key", "")
        return _editor(SegmentForm(wished_key=key if back else "", back=back))[0]
    return _editor(SegmentForm(name=gettext(starter.name), draft=draft_of(starter.rule)))[0]


@pages.post("/draft")
@needs(May.CONFIGURE)
def redraw() -> str:
    """No segment is saved: the form after the button that was pressed, or whom the rule holds now."""
    form = SegmentForm.of_form(request.form, request.form.get("segment", ""))
    if is_fragment() and request.headers.get("HX-Target") == "found":
        with here().transaction() as tx:
            return render_template("_found.html", outcome=outcome_of(tx, form), **NAMES)
    changed = change(form.draft, request.form.get("do", ""))
    return _editor(replace(form, draft=changed))[0]


@pages.post("")
@needs(May.CONFIGURE)
def make() -> Page | Response:
    form = SegmentForm.of_form(request.form, "")
    document, _ = document_of(form.draft)
    try:
        with here().transaction() as tx:
            saved = make_segment(tx, form.wished_key, form.name, document, here().now(), private=bool(form.back))
            _record(tx, "segment.made", saved)
    except InputError as error:
        return _editor(form, error, 422)
    return _saved(saved, form.back)


@pages.get("/<key>")
@needs(May.CONFIGURE)
def segment(key: str) -> str:
    with here().transaction() as tx:
        known = find(tx, key)
    if known is None or known.retired_at is not None:
        raise NotFound(gettext("There is no segment of this key."))
    draft, back = draft_of(known.rule), way_back(request.args)
    return _editor(SegmentForm(key, shown_name(known.name), known.version, draft, back=back))[0]


@pages.post("/<key>")
@needs(May.CONFIGURE)
def save(key: str) -> Page | Response:
    form = SegmentForm.of_form(request.form, key)
    document, _ = document_of(form.draft)
    try:
        with here().transaction() as tx:
            saved = edit_segment(tx, key, _kept_name(tx, form), document, form.version, here().now())
            _record(tx, "segment.changed", saved)
    except InputError as error:
        return _editor(form, error, 422)
    except Conflict:
        return _conflict(form)
    return _saved(saved, form.back)


def _kept_name(tx: Tx, form: SegmentForm) -> str:
    known = find(tx, form.key)
    return kept_name(form.name, known.name) if known else form.name


@pages.post("/<key>/use")
@needs(May.CONFIGURE)
def use(key: str) -> Response:
    with here().transaction() as tx:
        use_segment(tx, key, here().now())
        audit.record(tx, me(), "segment.used", f"segment {key}", None, here().now())
    flash(gettext("From now on journeys are told who enters and who leaves."))
    return redirect(f"/segments/segments/{key}", 303)


@pages.post("/<key>/release")
@needs(May.CONFIGURE)
def release(key: str) -> Response:
    with here().transaction() as tx:
        release_segment(tx, key, here().now())
        audit.record(tx, me(), "segment.released", f"segment {key}", None, here().now())
    flash(gettext("Journeys are no longer told who enters and who leaves."))
    return redirect(f"/segments/segments/{key}", 303)


@pages.post("/<key>/retirement")
@needs(May.CONFIGURE)
def retire(key: str) -> Response:
    try:
        with here().transaction() as tx:
            retire_segment(tx, key, here().now())
            audit.record(tx, me(), "segment.retired", f"segment {key}", None, here().now())
    except NamedInSegments as named:
        with here().transaction() as tx:
            known = names(tx)[Values.SEGMENTS]
        users = format_list([known.get(one, one) for one in named.users], "standard", locale())
        problem = gettext(
            "Other segments name this one in their rules; change them first: %(segments)s", segments=users
        )
        flash(problem, "problem")
        return redirect(f"/segments/segments/{key}", 303)
    except TagsGiven as given:
        tags = format_list(given.tags, "standard", locale())
        flash(gettext("Rules give tags by this segment; end them first: %(tags)s", tags=tags), "problem")
        return redirect(f"/segments/segments/{key}", 303)
    except Conflict:
        flash(gettext("A journey uses this segment; release it first."), "problem")
        return redirect(f"/segments/segments/{key}", 303)
    flash(gettext("Retired. Its history stays in its guests' stories."))
    return redirect("/segments/segments", 303)


def _editor(form: SegmentForm, error: InputError | None = None, status: int = 200) -> Page:
    """The page or, where htmx asks, the form alone; with what the draft means now."""
    with here().transaction() as tx:
        later = request.method == "GET" and not is_fragment()
        outcome, offered = outcome_of(tx, form, later=later), widgets(tx, form.key)
        known = find(tx, form.key) if form.key else None
    if form.key and known is None:
        abort(404)
    problems = {**outcome.problems, **(own_problems(error) if error else {})}
    template = "_editor.html" if is_fragment() else "segment.html"
    around = {"widgets": offered, "problems": problems, "known": known, "shown": error is not None, **NAMES}
    return render_template(template, form=form, outcome=outcome, **around), status


def _conflict(form: SegmentForm) -> Page:
    flash(gettext("Somebody else changed this segment meanwhile. What you typed is below."), "problem")
    with here().transaction() as tx:
        known = find(tx, form.key)
    seen = known.version if known else form.version
    return _editor(replace(form, version=seen))[0], 409


def _saved(saved: Saved, back: str) -> Response:
    if back:
        return redirect(back, 303)
    if saved.changed:
        flash(gettext("Saved. All guests are counted again; nobody enters a journey because of it."))
    else:
        flash(gettext("Saved."))
    return redirect(f"/segments/segments/{saved.key}", 303)


def _record(tx: Tx, action: str, saved: Saved) -> None:
    audit.record(tx, me(), action, f"segment {saved.key}", {"version": saved.version}, here().now())
