"""What do our surveys ask, and what is answered? One questionnaire a hotel, or one for all; versions and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.surveys.questionnaires import begin_draft, withdraw
from services.feedback.pages.cases import labels as told
from services.feedback.pages.surveys.given import in_my_language, question_text
from services.feedback.pages.surveys.places import Place, every_hotel, place_named
from services.feedback.pages.surveys.reminder import reminders
from services.feedback.queries import questionnaires as queries
from services.feedback.rules.asking.questionnaires import AS_SHIPPED, TOP_TWO, Question, QuestionKind, Questionnaire
from services.feedback.rules.asking.review_links import MOST_LINKS, ReviewLink
from services.feedback.rules.care import Care
from services.feedback.rules.nps import Nps
from services.feedback.store.care.terms import care_of
from services.feedback.store.surveys import questionnaires as store
from services.feedback.store.surveys.review_links import links_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.i18n.labels import label
from shared.web.site import here

SURVEY_LIST = Blueprint("feedback_survey_list", __name__, url_prefix="/feedback/surveys")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A question's sums: `lines` hold each name with how many of it, of choices and departments."""

    asks: str
    kind: str
    n: int = 0
    mean: float | None = None
    best: int | None = None
    lines: Sequence[tuple[str, int, float | None, int | None]] = ()


@SURVEY_LIST.get("")
@needs(May.SEE_FIGURES)
def index() -> str:
    places = [every_hotel(), *(Place(hotel.code, hotel.name) for hotel in my_hotels())]
    with here().transaction() as tx:
        found = queries.places(tx, [one.code for one in places])
    return render_template("surveys.html", places=[(one, found[one.code]) for one in places], **reminders())


@SURVEY_LIST.get("/<place>")
@needs(May.SEE_FIGURES)
def show(place: str) -> str:
    where = place_named(place)
    with here().transaction() as tx:
        versions = store.versions(tx, where.code)
        in_force = store.in_force(tx, where.code or None)
        chosen = _chosen(versions)
        figures = _figures(tx, where, chosen) if chosen else []
        begun = queries.begun(tx, where.code, chosen.number, scope()) if chosen else None
        parts = queries.scores(tx, where.code, chosen.number, scope()) if chosen else (0, 0, 0)
        draft = store.draft(tx, where.code)
        links = links_of(tx, where.code) if where.code else []
    asked = in_force.questionnaire if in_force and in_force.questionnaire else AS_SHIPPED
    return render_template(
        "survey_place.html",
        at=where,
        versions=versions,
        chosen=chosen,
        in_force=in_force,
        asked=[(one, question_text(asked, one)) for one in asked.questions],
        label=label,
        figures=figures,
        begun=begun,
        nps=Nps(*parts),
        draft=draft,
        may_write=me().may(May.CONFIGURE) and (bool(where.code) or me().scope.everywhere),
        links=[*links, *([ReviewLink("", "")] * (MOST_LINKS - len(links)))],
        **reminders(),
    )


def _chosen(versions: list[store.Published]) -> store.Published | None:
    """The version asked for, else the newest that asks something."""
    own = [one for one in versions if one.questionnaire]
    asked = request.args.get("version")
    if asked is None:
        return own[0] if own else None
    found = next((one for one in own if str(one.number) == asked), None)
    return found or abort(404)


def _figures(tx: Tx, where: Place, version: store.Published) -> list[Figure]:
    assert version.questionnaire is not None
    questions, care = version.questionnaire, care_of(tx, where.code or None)
    sums = queries.sums(tx, where.code, version.number, scope())
    chosen = queries.chosen(tx, where.code, version.number, scope())
    return [
        _rated(question_text(questions, one), one, sums, care)
        if one.kind is QuestionKind.DEPARTMENTS
        else _answered(questions, one, sums.get(one.code), chosen)
        for one in questions.questions
        if one.kind is not QuestionKind.NPS
    ]


def _rated(asks: str, one: Question, sums: Mapping[str, queries.Sum], care: Care) -> Figure:
    rated = [(told.named(care, "department", name.partition(".")[2]), sums.get(name)) for name in one.fields]
    lines = [(name, sum_.n, sum_.mean, sum_.best) for name, sum_ in rated if sum_]
    return Figure(asks=asks, kind=label(one.kind), n=max((line[1] for line in lines), default=0), lines=lines)


def _answered(
    questions: Questionnaire, one: Question, total: queries.Sum | None, chosen: Mapping[tuple[str, str], int]
) -> Figure:
    options = [(in_my_language(questions, each.texts), chosen.get((one.code, each.code), 0)) for each in one.options]
    return Figure(
        asks=question_text(questions, one),
        kind=label(one.kind),
        n=total.n if total else 0,
        mean=total.mean if total else None,
        best=total.best if total and one.kind in TOP_TWO else None,
        lines=[(name, count, None, None) for name, count in options],
    )


@SURVEY_LIST.post("/<place>/draft")
@needs(May.CONFIGURE)
def begin(place: str) -> Response:
    where, now = place_named(place, to_write=True), here().now()
    with here().transaction() as tx:
        if store.draft(tx, where.code) is None:
            begin_draft(tx, where.code, now, by=me().name)
            record(tx, me(), "survey.draft_begun", f"survey {where.key}", {}, now)
    return redirect(f"{where.path}/draft", 303)


@SURVEY_LIST.post("/<place>/withdrawal")
@needs(May.CONFIGURE)
def take_back(place: str) -> Response:
    where, now = place_named(place, to_write=True), here().now()
    with here().transaction() as tx:
        number = withdraw(tx, where.code, now, by=me().name)
        if number is not None:
            record(tx, me(), "survey.withdrawn", f"survey {where.key}", {"version": number}, now)
    flash(gettext("From now on this asks what is asked where nothing of its own is written."))
    return redirect(where.path, 303)
