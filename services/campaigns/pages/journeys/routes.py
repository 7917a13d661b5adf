"""Journeys: what are we telling whom; and one journey: what will happen, what has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.campaigns.commands import launch as commands
from services.campaigns.pages.flow import flow_of
from services.campaigns.pages.journeys.figures import goal_of
from services.campaigns.pages.journeys.lines import line_of, lines_of
from services.campaigns.pages.journeys.splits import split_parts
from services.campaigns.pages.neighbours import choices
from services.campaigns.pages.sentences import settings
from services.campaigns.pages.sentences.goals import goals_words
from services.campaigns.pages.sentences.messages import message_words, reason_words
from services.campaigns.pages.sentences.names import of_journeys
from services.campaigns.pages.sentences.warnings import signal_words
from services.campaigns.pages.steps.send import channels_words
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.deeds import tasks_of
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.queries.splits import splits_of
from services.campaigns.rules.entries import EARLIEST_MESSAGE
from services.campaigns.rules.resuming import Overdue
from services.campaigns.shipped import OFFERED, shipped
from services.campaigns.steps.kind import Document
from services.campaigns.store import entries
from services.campaigns.store.holdout import set_share, share_of_house
from services.campaigns.store.pauses import count_overdue
from services.campaigns.store.version_moves import moves_of
from services.campaigns.store.warning_turns import turns_of
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.site import here

MOST_KEPT_OUT = 50


@dataclass(frozen=True)
class Ready:
    """A journey of the gallery that the house has none of its key of."""

    document: Document

    @property
    def messages(self) -> int:
        return sum("send" in step for step in self.document["steps"])


found = Blueprint("campaigns_journeys", __name__, url_prefix="/campaigns/journeys")


@found.app_context_processor
def _context() -> dict[str, Any]:
    return {
        "STATES": settings.STATES,
        "PURPOSES": settings.PURPOSES,
        "RE_ENTRIES": settings.RE_ENTRIES,
        "channels_words": channels_words,
        "re_entry_words": settings.re_entry_words,
        "room_words": settings.room_words,
        "entry_words": settings.entry_words,
        "exit_words": settings.exit_words,
        "goals_words": goals_words,
        "not_while_words": settings.not_while_words,
        "goal_of": goal_of,
        "reason_words": reason_words,
        "message_words": message_words,
    }


@found.get("")
@needs(May.CONFIGURE)
def journeys() -> str:
    with here().transaction() as tx:
        lines, share = lines_of(tx), share_of_house(tx)
    there = {line.key for line in lines}
    gallery = [Ready(shipped(key)) for key in OFFERED if key not in there]
    names = choices().names if gallery else {}
    return render_template("journeys.html", lines=lines, gallery=gallery, names=names, share=share)


@found.post("/control-group")
@needs(May.CONFIGURE)
def set_control_group() -> Response:
    """The house's own: `share` per cent of guests, 0 for none."""
    text, now = request.form.get("share", "").strip(), here().now()
    if not (text.isdecimal() and len(text) < 4 and int(text) <= MOST_KEPT_OUT):
        raise InputError(problems={"share": gettext("A whole number of per cent, from 0 to 50.")})
    with here().transaction() as tx:
        set_share(tx, int(text), now, me().name)
        record(tx, me(), "journey.control_group_set", "journeys", {"share": int(text)}, now)
    flash(gettext("From now on %(share)s per cent of guests receive no offer of any journey.", share=text))
    return redirect(url_for("campaigns_journeys.journeys"), 303)


@found.get("/<key>")
@needs(May.CONFIGURE)
def journey(key: str) -> str | Response:
    with here().transaction() as tx:
        line = line_of(tx, key)
        versions = queries.versions(tx, key)
        steps = queries.steps(tx, key, scope())
        splits, tasks = splits_of(tx, key, scope()), tasks_of(tx, key, scope())
        moves, overdue = moves_of(tx, key), count_overdue(tx, key, here().now()) if line.state == "paused" else 0
        turned_away, warned = entries.turned_away(tx, [key]), turns_of(tx, key, scope())
        others = of_journeys([(one.key, one.name) for one in lines_of(tx)])
        waiting_outside = queries.not_let_in(tx, key)
    if not versions:
        return redirect(url_for("campaigns_editor.edit", key=key), 303)
    shown = _chosen(versions, request.args.get("version", type=int), line.live_version)
    names = {**choices().names, **others}
    return render_template(
        "journey.html",
        line=line,
        versions=versions,
        shown=shown,
        flow=flow_of(shown.document, names),
        steps=steps,
        splits=splits,
        tasks=tasks,
        turned_away=turned_away.get(key),
        warned=warned,
        hotel_names={one.code: one.name for one in my_hotels()},
        signal_words=signal_words,
        moves=moves,
        overdue=overdue,
        split_parts=split_parts(shown.document, splits),
        names=names,
        outside=waiting_outside,
        until=take_back_until(line),
    )


def _chosen(versions: list[queries.Version], wanted: int | None, live: int | None) -> queries.Version:
    if wanted is not None and not any(one.version == wanted for one in versions):
        abort(404)
    return next((one for one in versions if one.version == (wanted or live)), versions[0])


def take_back_until(line: JourneyLine) -> datetime | None:
    """Until when the launch can be taken back; None where that is over."""
    if line.state != "live" or line.launched_at is None:
        return None
    until = line.launched_at + EARLIEST_MESSAGE
    return until if here().now() < until else None


@found.post("/<key>/pause")
@needs(May.CONFIGURE)
def pause(key: str) -> Response:
    count = _do(key, "journey.paused", commands.pause)
    return _back(key, ngettext("Paused: %(num)d guest waits.", "Paused: %(num)d guests wait.", count or 0))


@found.post("/<key>/resume")
@needs(May.CONFIGURE)
def resume(key: str) -> Response:
    """`overdue`: of `Overdue`; sent, where none is named."""
    chosen = request.form.get("overdue", Overdue.SEND)
    if chosen not in set(map(str, Overdue)):
        raise InputError(problems={"overdue": gettext("Say what becomes of what was due in the pause.")})
    count = _do(key, "journey.resumed", partial(commands.resume, overdue=Overdue(chosen)))
    return _back(key, ngettext("Resumed: %(num)d guest goes on.", "Resumed: %(num)d guests go on.", count or 0))


@found.post("/<key>/end")
@needs(May.CONFIGURE)
def end(key: str) -> Response:
    count = _do(key, "journey.ended", commands.end)
    return _back(key, ngettext("Ended: %(num)d guest left it.", "Ended: %(num)d guests left it.", count or 0))


@found.post("/<key>/take-back")
@needs(May.CONFIGURE)
def take_back(key: str) -> Response:
    _do(key, "journey.taken_back", commands.take_back)
    return _back(key, gettext("The launch is taken back: nothing was sent, and nobody is in the journey."))


def _do(key: str, action: str, command: Callable[..., int | None]) -> int | None:
    now = here().now()
    with here().transaction() as tx:
        count = command(tx, key, at=now)
        record(tx, me(), action, f"journey {key}", {} if count is None else {"guests": count}, now)
    return count


def _back(key: str, text: str) -> Response:
    flash(text)
    return redirect(url_for("campaigns_journeys.journey", key=key), 303)
