"""A new journey: from nothing, like one that comes with Guestloop, as a copy of another, or from a document."""

from __future__ import annotations

import yaml
from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as Answer
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.drafts import begin_draft, bring_templates, draft_of
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.queries import journeys as queries
from services.campaigns.rules.rehearsals import LONGEST
from services.campaigns.schemas import parse, validated
from services.campaigns.shipped import shipped
from services.campaigns.shipped.classes import NAMES, class_journey
from services.campaigns.steps.kind import Document
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.web.access_control import me, needs
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

found = Blueprint("campaigns_beginning", __name__, url_prefix="/campaigns/journeys")
LONGEST_DOCUMENT = 200_000


@found.get("/new")
@needs(May.CONFIGURE)
def new() -> str:
    """`rfm`: the ready journey of a class."""
    code = request.args.get("rfm", "")
    values = {"rfm": code, "name": gettext(NAMES[code])} if code in NAMES else {}
    return render_template("journey_new.html", values=values, problems={})


@found.post("")
@needs(May.CONFIGURE)
def begin() -> Response | tuple[str, int]:
    """`like`: one that comes with Guestloop; `rfm`: that of a class; `copy`: the key of another journey; `document`: as
    YAML. `rehearse`: it is asked at once what it would bring."""
    form = request.form
    try:
        with here().transaction() as tx:
            like = _like(tx)
            name = form.get("name", "").strip() or _name(like)
            key = begin_draft(tx, name, form.get("key", "").strip(), here().now(), me().name, like)
            record(tx, me(), "journey.begun", f"journey {key}", {}, here().now())
            if like and (form.get("like") or form.get("rfm")):
                bring_templates(tx, key, like, here().now(), me().name)
            if like and form.get("rehearse"):
                ask(tx, key, LONGEST, [Launch(key, validated(draft_of(tx, key)))], here().now(), me().name)
    except InputError as error:
        problems = {field: _begin_problem(what) for field, what in error.problems.items() if field in ("name", "key")}
        told = [f"{place}: {what}" for place, what in error.problems.items() if place not in problems]
        if form.get("document", "").strip() and (told or not problems):
            problems["document"] = "; ".join(told or [str(error)])
        return render_template("journey_new.html", values=form, problems=problems), 422
    if form.get("rehearse"):
        return redirect(url_for("campaigns_rehearsals.rehearsal", journey=key), 303)
    return redirect(url_for("campaigns_editor.edit", key=key), 303)


def _like(tx: Tx) -> Document | None:
    form = request.form
    if form.get("like"):
        return shipped(form["like"])
    if form.get("rfm"):
        return class_journey(form["rfm"])
    if form.get("copy"):
        line_of(tx, form["copy"])
        return draft_of(tx, form["copy"])
    text = form.get("document", "").strip()
    if len(text) > LONGEST_DOCUMENT:
        raise InputError(problems={"document": gettext("This is too long for a journey.")})
    return parse(text) if text else None


def _name(like: Document | None) -> str:
    if like is None:
        return ""
    if request.form.get("copy"):
        return gettext("Copy of %(journey)s", journey=shown_name(like["name"]))[:100]
    return str(like["name"])


def _begin_problem(what: str) -> str:
    return {
        "name": gettext("Give the journey a name of at most 100 letters."),
        "key": gettext("Lower case letters, digits and single hyphens only."),
        "taken": gettext("Another journey has this short name already."),
    }.get(what, what)


@found.get("/<key>/document")
@needs(May.CONFIGURE)
def document(key: str) -> Answer:
    """As YAML: the `version` that is asked for, else the newest one."""
    with here().transaction() as tx:
        line_of(tx, key)
        versions = {one.version: one.document for one in queries.versions(tx, key)}
    wanted = request.args.get("version", max(versions, default=0), type=int)
    if wanted not in versions:
        raise NotFound(gettext("Nothing of this journey was published yet."))
    text = yaml.safe_dump(versions[wanted], allow_unicode=True, sort_keys=False, width=100)
    answer = Answer(text, content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-{wanted}.yaml"'
    return answer
