"""Rehearsal: what would the days to come bring?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.campaigns.commands.rehearsal.ask import ask, cancel, to_be_launched
from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.pages.journeys.lines import line_of, lines_of
from services.campaigns.pages.neighbours import choices, guest_names, template_languages
from services.campaigns.pages.rehearsals.report import Report, report_of
from services.campaigns.pages.rehearsals.unforeseen import on_doings, on_warnings
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.rules.rehearsals import LONGEST, Rehearsal, Stage
from services.campaigns.schemas.reading import validated
from services.campaigns.store import rehearsals as store
from services.campaigns.store.journeys import note_check
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import listed
from shared.web.i18n.labels import labels
from shared.web.i18n.languages import language_name
from shared.web.site import here

found = Blueprint("campaigns_rehearsals", __name__, url_prefix="/campaigns/rehearsals")
LENGTHS = (7, 14, 30, 60, LONGEST)
STAGES = {
    Stage.FORECASTING: (1, _l("who enters and leaves the segments")),
    Stage.PLAYING: (2, _l("what the journeys ask for")),
    Stage.JUDGING: (3, _l("what the checks say to each message")),
}


@found.get("")
@needs(May.CONFIGURE)
def rehearsal() -> str:
    """`back`: of the days that have passed."""
    return _page(request.args.get("journey") or None, is_replay=request.args.get("back") == "1")


@found.post("")
@needs(May.CONFIGURE)
def begin() -> Response | tuple[str, int]:
    key, now = request.form.get("journey") or None, here().now()
    days = request.form.get("days", type=int) or 0
    is_replay = request.form.get("back") == "1"
    try:
        with here().transaction() as tx:
            launches = _launches(tx, key)
            as_booked = request.form.get("as_booked") == "1"
            id_ = ask(tx, key, days, launches, now, me().name, as_booked=as_booked, is_replay=is_replay)
            if key:
                note_check(tx, key, now)
            subject = f"journey {key}" if key else "journeys"
            details = {"days": days, "rehearsal": str(id_), "is_replay": is_replay}
            record(tx, me(), "journey.rehearsed", subject, details, now)
    except InputError as error:
        return _page(key, problem=_problem(error), is_replay=is_replay), 422
    return redirect(_address(key, is_replay), 303)


def _address(key: str | None, is_replay: bool) -> str:
    return url_for("campaigns_rehearsals.rehearsal", journey=key, back="1" if is_replay else None)


@found.post("/<uuid:rehearsal_id>/cancel")
@needs(May.CONFIGURE)
def stop(rehearsal_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        one = store.find(tx, rehearsal_id)
        if cancel(tx, rehearsal_id, now):
            record(tx, me(), "rehearsal.cancelled", f"rehearsal {rehearsal_id}", {}, now)
            flash(gettext("The rehearsal is cancelled."))
    return redirect(_address(one.journey if one else None, one is not None and one.is_replay), 303)


def _problem(error: InputError) -> str:
    if "days" in error.problems:
        return str(gettext("Choose how many days: from 1 to %(most)d.", most=LONGEST))
    return str(gettext("This journey cannot be rehearsed yet: something in it is missing. Edit it first."))


def _launches(tx: Tx, key: str | None) -> list[Launch]:
    document = to_be_launched(tx, key) if key else None
    return [Launch(str(key), validated(document))] if document else []


def _page(key: str | None, problem: str = "", *, is_replay: bool = False) -> str:
    with here().transaction() as tx:
        line = line_of(tx, key) if key else None
        lines = {one.key: one for one in lines_of(tx, kind=None)}
        one = store.newest(tx, key, is_replay=is_replay)
        ahead = one if one and one.state is Stage.DONE and not one.is_replay else None
        unforeseen = on_warnings(tx, ahead, key, scope()) if ahead else []
        doings = on_doings(tx, ahead, key) if ahead else {}
        report = report_of(tx, one, key, scope()) if one and one.state is Stage.DONE else None
        if report and report.guests_followed:
            told = {"rehearsal": str(one.id) if one else ""}
            listed(tx, "people.listed", f"rehearsal {key or ''}".strip(), told, lines=len(report.guests_followed))
    template = "_rehearsal.html" if is_fragment() and not problem else "rehearsal.html"
    return render_template(
        template,
        line=line,
        one=one,
        report=report,
        unforeseen=unforeseen,
        doings=doings,
        hotel_names={one.code: one.name for one in my_hotels()},
        problem=problem,
        back=is_replay,
        lengths=LENGTHS,
        **_words(one, report, lines),
    )


def _words(one: Rehearsal | None, report: Report | None, lines: dict[str, JourneyLine]) -> dict[str, Any]:
    names = choices().names if report else {}
    templates = list(report.languages) if report else []
    return {
        "stages": STAGES,
        "stage": STAGES.get(one.state) if one else None,
        "names": names,
        "journeys": {key: line.name for key, line in lines.items()},
        "channels": labels(Channel),
        "texts": template_languages(templates) if templates else {},
        "guests": guest_names(report.guests_followed) if report else {},
        "language_name": language_name,
    }
