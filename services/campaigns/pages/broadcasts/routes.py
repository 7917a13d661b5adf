"""Broadcasts: what do we tell many at once, and what became of it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.broadcasts import (
    back_to_draft,
    begin_broadcast,
    plan_broadcast,
    write_broadcast,
)
from services.campaigns.commands.drafts import draft_of
from services.campaigns.commands.launch import end
from services.campaigns.pages.broadcasts.approval import approval_shown
from services.campaigns.pages.broadcasts.labels import (
    PACES,
    REPEATS,
    pace_words,
    problem_words,
    state_words,
    when_words,
)
from services.campaigns.pages.broadcasts.rehearsed import rehearsed_shown
from services.campaigns.pages.journeys.lines import line_of, lines_of
from services.campaigns.pages.neighbours import choices, segment_size, template_languages
from services.campaigns.pages.rehearsals.routes import LENGTHS
from services.campaigns.pages.steps.send import channels_words
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.rules.broadcasts import Broadcast, Repeat, broadcast_of, document_of
from services.campaigns.schemas import validated
from services.campaigns.schemas.broadcasting import named_broadcast
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.own_conditions import is_own
from services.campaigns.store.broadcasts import is_broadcast, next_turns
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.labels import labels
from shared.web.reading import at_primary
from shared.web.site import here

found = Blueprint("campaigns_broadcasts", __name__, url_prefix="/campaigns/broadcasts")


@found.app_context_processor
def _context() -> dict[str, Any]:
    return {"broadcast_state": state_words, "broadcast_when": when_words}


@found.get("")
@needs(May.CONFIGURE)
def broadcasts() -> str:
    with here().transaction() as tx:
        lines, turns = lines_of(tx, kind="broadcast"), next_turns(tx)
    return render_template("broadcasts.html", lines=lines, turns=turns)


@found.get("/new")
@needs(May.CONFIGURE)
def new() -> str:
    """`like`: a broadcast to begin with."""
    like, values = request.args.get("like"), dict[str, Any]()
    if like:
        with here().transaction() as tx:
            values = _values(line_of(tx, like).name, _told(tx, like)) | {"day": ""}
    return _form(None, values, {})


@found.post("")
@needs(May.CONFIGURE)
def write() -> Response | tuple[str, int]:
    return _keep(None)


@found.get("/<key>")
@needs(May.CONFIGURE)
@at_primary
def broadcast(key: str) -> str:
    with here().transaction() as tx:
        line = _line(tx, key)
        one, turns = _told(tx, key), next_turns(tx)
        more = approval_shown(tx, key) | rehearsed_shown(tx, key)
    if line.state == "draft" and request.args.get("edit"):
        return _form(key, _values(line.name, one), {})
    return _page(line, one, turns.get(key), more)


@found.post("/<key>")
@needs(May.CONFIGURE)
def rewrite(key: str) -> Response | tuple[str, int]:
    return _keep(key)


@found.post("/<key>/plan")
@needs(May.CONFIGURE)
def plan(key: str) -> Response:
    now = here().now()
    try:
        with here().transaction() as tx:
            _line(tx, key)
            version = plan_broadcast(tx, validated(draft_of(tx, key)), now, me().name)
            record(tx, me(), "broadcast.planned", f"journey {key}", {"version": version}, now)
    except InputError as error:
        if "approval" in error.problems:
            flash(gettext("Another colleague has to approve it first."), "problem")
        else:
            text = gettext("Its hour has passed already in some place where guests live. Choose a later one.")
            flash(text, "problem")
    else:
        flash(gettext("Planned. Until its hour it can be stopped whole."))
    return redirect(url_for("campaigns_broadcasts.broadcast", key=key), 303)


@found.post("/<key>/stop")
@needs(May.CONFIGURE)
def stop(key: str) -> Response:
    now = here().now()
    with here().transaction() as tx:
        _line(tx, key)
        left = end(tx, key, at=now)
        record(tx, me(), "broadcast.stopped", f"journey {key}", {"guests": left}, now)
    flash(gettext("Stopped. What was not sent by now is not sent any more."))
    return redirect(url_for("campaigns_broadcasts.broadcast", key=key), 303)


@found.post("/<key>/draft")
@needs(May.CONFIGURE)
def draft_again(key: str) -> Response:
    now = here().now()
    with here().transaction() as tx:
        _line(tx, key)
        back_to_draft(tx, key, now, me().name, me().person_id)
        record(tx, me(), "broadcast.back_to_draft", f"journey {key}", {}, now)
    flash(gettext("A draft again: nothing is sent before it is planned once more."))
    return redirect(url_for("campaigns_broadcasts.broadcast", key=key), 303)


def _keep(key: str | None) -> Response | tuple[str, int]:
    now, form = here().now(), Form(request.form.to_dict(flat=False))
    try:
        name, one = named_broadcast(form, now.date())
        with here().transaction() as tx:
            if key:
                _line(tx, key)
            kept = key or begin_broadcast(tx, name, now, me().name)
            write_broadcast(tx, validated(document_of(kept, name, one)), now, me().name, me().person_id)
            record(tx, me(), "broadcast.written", f"journey {kept}", {}, now)
    except InputError as error:
        problems = {field: problem_words(field, str(code)) for field, code in error.problems.items()}
        values = {**request.form.to_dict(), **{name: form.getlist(name) for name in ("left_out", "channels")}}
        return _form(key, values, problems), 422
    return redirect(url_for("campaigns_broadcasts.broadcast", key=kept), 303)


def _line(tx: Tx, key: str) -> JourneyLine:
    if not is_broadcast(tx, key):
        abort(404)
    return line_of(tx, key)


def _told(tx: Tx, key: str) -> Broadcast:
    """Of one that repeats, the first day is its next one."""
    _line(tx, key)
    return broadcast_of(draft_of(tx, key), next_turns(tx).get(key, (here().now().date(), None))[0])


def _values(name: str, one: Broadcast) -> dict[str, Any]:
    return {
        **vars(one),
        "name": name,
        "day": one.day.isoformat(),
        "second": one.second or "",
        "hotel": one.hotel or "",
        "an_hour": one.an_hour or "",
    }


def _form(key: str | None, values: dict[str, Any], problems: dict[str, str]) -> str:
    known = choices()
    return render_template(
        "broadcast_edit.html",
        key=key,
        values=values,
        problems=problems,
        segments=[(one, name) for one, name in known.segments.items() if not is_own(one)],
        templates=list(known.templates.items()),
        channels=labels(Channel),
        repeats=REPEATS,
        paces=PACES,
        hotels_named=[(one.code, one.name) for one in my_hotels()],
        tomorrow=(here().now().date() + timedelta(days=1)).isoformat(),
    )


def _page(line: JourneyLine, one: Broadcast, turn: tuple[date, Any] | None, more: dict[str, Any]) -> str:
    ahead = ((turn[0] if turn else one.day) - here().now().date()).days + 2
    sent = [one.template, *([one.second] if one.second else [])]
    inside = segment_size(one.audience)
    return render_template(
        "broadcast.html",
        **more,
        line=line,
        one=one,
        turn=turn,
        names=choices().names,
        inside=inside,
        pace=pace_words(one, inside),
        languages=template_languages(sent),
        sent=sent,
        channels=channels_words(list(one.channels)),
        days=next((days for days in LENGTHS if days >= ahead), LENGTHS[-1]),
        repeats=one.repeat is not Repeat.ONCE,
    )
