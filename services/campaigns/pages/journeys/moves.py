"""Guests who wait in one version of a journey are moved to another: with what each step becomes, how many, and a way
back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.campaigns.commands.versions import move_waiting, undo_move
from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.pages.neighbours import choices
from services.campaigns.pages.steps import sentence
from services.campaigns.queries import journeys as queries
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.moving import proposed
from services.campaigns.steps.kind import Document
from services.campaigns.store.version_moves import waiting_by_step
from shared.access.audit import record
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import number
from shared.web.site import here

found = Blueprint("campaigns_moves", __name__, url_prefix="/campaigns/journeys/<key>/moves")
LEAVE = ""


@found.get("/new")
@needs(May.CONFIGURE)
def new(key: str) -> str:
    """`from` and `to`: two versions."""
    with here().transaction() as tx:
        line, versions = line_of(tx, key), {one.version: one for one in queries.versions(tx, key)}
        from_version, to_version = (request.args.get(name, 0, type=int) for name in ("from", "to"))
        waiting = waiting_by_step(tx, key, from_version)
    if from_version == to_version or {from_version, to_version} - versions.keys():
        abort(404)
    old, other = versions[from_version].document, versions[to_version].document
    names = choices().names
    return render_template(
        "move.html",
        line=line,
        versions=(from_version, to_version),
        steps=[(one["key"], sentence(one, names), waiting.get(one["key"], 0)) for one in old["steps"]],
        proposed={step: to or LEAVE for step, to in proposed(journey_of(old), journey_of(other)).items()},
        choices=_choices(other, names),
        waiting=sum(waiting.values()),
    )


def _choices(document: Document, names: Mapping[str, str]) -> list[tuple[str, str]]:
    steps = [
        (one["key"], gettext("%(number)d: %(step)s", number=place, step=sentence(one, names)))
        for place, one in enumerate(document["steps"], 1)
    ]
    return [*steps, (LEAVE, gettext("leave the journey"))]


@found.post("")
@needs(May.CONFIGURE)
def move(key: str) -> Response:
    """`from`, `to`, and `step-KEY`: a step of the other version, or empty for those who leave."""
    now, form = here().now(), request.form
    versions = form.get("from", 0, type=int), form.get("to", 0, type=int)
    steps = {name.removeprefix("step-"): value for name, value in form.items() if name.startswith("step-")}
    mapping = {step: to or None for step, to in steps.items()}
    with here().transaction() as tx:
        done = move_waiting(tx, key, versions, mapping, now, by=me().name)
        details = {"from": versions[0], "to": versions[1], "moved": done.moved, "left": done.left_it}
        record(tx, me(), "journey.guests_moved", f"journey {key}", details, now)
    flash(moved_words(done.moved, versions[1]))
    return _back(key)


def moved_words(count: int, version: int) -> str:
    return str(
        ngettext(
            "%(count)s guest goes on in version %(version)s.",
            "%(count)s guests go on in version %(version)s.",
            count,
            count=number(count),
            version=version,
        )
    )


@found.post("/<uuid:move_id>/undone")
@needs(May.CONFIGURE)
def undo(key: str, move_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        count = undo_move(tx, key, move_id, now, by=me().name)
        record(tx, me(), "journey.move_undone", f"journey {key}", {"guests": count}, now)
    flash(
        ngettext(
            "%(count)s guest stands where they stood.",
            "%(count)s guests stand where they stood.",
            count,
            count=number(count),
        )
    )
    return _back(key)


def _back(key: str) -> Response:
    return redirect(url_for("campaigns_journeys.journey", key=key, _anchor="versions"), 303)
