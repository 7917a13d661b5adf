"""The editor of what a survey asks: a draft, question by question, with what is wrong and how it will look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.surveys import questionnaires as commands
from services.feedback.pages.cases import labels as told
from services.feedback.pages.surveys.given import in_my_language, question_text
from services.feedback.pages.surveys.places import Place, place_named
from services.feedback.pages.surveys.question_form import question_of
from services.feedback.pages.surveys.reminder import reminders
from services.feedback.rules.asking import questionnaire_edits as edits
from services.feedback.rules.asking.questionnaire_document import MOST_QUESTIONS, problems_of
from services.feedback.rules.asking.questionnaires import QuestionKind, Questionnaire, earlier
from services.feedback.store.care.terms import care_of
from services.feedback.store.surveys import questionnaires as store
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.web.access_control import me, needs
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.i18n.labels import label
from shared.web.pages.versions import number_in
from shared.web.site import here

EDITOR = Blueprint("feedback_survey_editor", __name__, url_prefix="/feedback/surveys/<place>/draft")
Answer = str | Response | tuple[str, int]
Change = Callable[[Questionnaire], Questionnaire]


class NoQuestion(NotFound):
    """There is no such question in this draft. Somebody may have removed it."""


@EDITOR.get("")
@needs(May.CONFIGURE)
def edit(place: str) -> Answer:
    where, reminder = place_named(place, to_write=True), reminders()
    with here().transaction() as tx:
        found = store.draft(tx, where.code)
        if found is None:
            return redirect(where.path, 303)
        return _page(tx, where, found, reminder)


@EDITOR.post("/questions")
@needs(May.CONFIGURE)
def add(place: str) -> Answer:
    where = place_named(place, to_write=True)
    kind = request.form.get("kind", "")
    if kind not in list(QuestionKind):
        return redirect(f"{where.path}/draft", 303)

    def enlarge(questions: Questionnaire) -> Questionnaire:
        if len(questions.questions) >= MOST_QUESTIONS:
            return questions
        return edits.added(questions, QuestionKind(kind), departments)[0]

    with here().transaction() as tx:
        departments = [one.code for one in care_of(tx, where.code or None).options("department")]
    return _change(where, enlarge, "survey.question_added", {"kind": kind}, to="last")


@EDITOR.post("/questions/<question>")
@needs(May.CONFIGURE)
def change(place: str, question: str) -> Answer:
    where = place_named(place, to_write=True)

    def write(questions: Questionnaire) -> Questionnaire:
        before = questions.find(question)
        if before is None:
            raise NoQuestion()
        return edits.changed(questions, question_of(questions, before, request.form, departments))

    with here().transaction() as tx:
        departments = care_of(tx, where.code or None).every("department")
    return _change(where, write, "survey.question_changed", {"question": question}, to=question)


@EDITOR.post("/questions/<question>/<any(earlier, later):way>")
@needs(May.CONFIGURE)
def move(place: str, question: str, way: str) -> Answer:
    where, by = place_named(place, to_write=True), -1 if way == "earlier" else 1
    details = {"question": question}
    return _change(where, lambda all_: edits.moved(all_, question, by), "survey.question_moved", details, to=question)


@EDITOR.post("/questions/<question>/removal")
@needs(May.CONFIGURE)
def remove(place: str, question: str) -> Answer:
    where = place_named(place, to_write=True)
    return _change(where, lambda all_: edits.removed(all_, question), "survey.question_removed", {"question": question})


@EDITOR.post("/language")
@needs(May.CONFIGURE)
def choose_language(place: str) -> Answer:
    """The one that every text has to be there in."""
    where, tag = place_named(place, to_write=True), request.form.get("language", "")
    if tag not in GUEST_LANGUAGES:
        return redirect(f"{where.path}/draft", 303)
    return _change(where, lambda all_: replace(all_, language=tag), "survey.language_chosen", {"language": tag})


@EDITOR.post("/publication")
@needs(May.CONFIGURE)
def publish(place: str) -> Answer:
    where, now = place_named(place, to_write=True), here().now()
    try:
        with here().transaction() as tx:
            number = commands.publish_draft(tx, where.code, number_in(request.form) or 0, now, by=me().name)
            record(tx, me(), "survey.published", f"survey {where.key}", {"version": number}, now)
    except InputError:
        return _again(where, gettext("It cannot be published yet: look at what is marked.")), 422
    except commands.ChangedMeanwhile:
        return _again(where, _meanwhile()), 409
    flash(gettext("Published as version %(number)s. Surveys opened from now on ask it.", number=number))
    return redirect(where.path, 303)


@EDITOR.post("/removal")
@needs(May.CONFIGURE)
def drop(place: str) -> Response:
    where, now = place_named(place, to_write=True), here().now()
    with here().transaction() as tx:
        if store.drop(tx, where.code):
            record(tx, me(), "survey.draft_dropped", f"survey {where.key}", {}, now)
    flash(gettext("The draft was deleted."))
    return redirect(where.path, 303)


def _change(where: Place, change: Change, action: str, details: Mapping[str, str], to: str = "") -> Answer:
    now = here().now()
    try:
        with here().transaction() as tx:
            found = commands.change_draft(tx, where.code, number_in(request.form) or 0, change, now, by=me().name)
            record(tx, me(), action, f"survey {where.key}", dict(details), now)
    except commands.ChangedMeanwhile:
        return _again(where, _meanwhile()), 409
    if to == "last" and found.questionnaire.questions:
        to = found.questionnaire.questions[-1].code
    anchor = f"?open={to}#q-{to}" if to else ""
    return redirect(f"{where.path}/draft{anchor}", 303)


def _meanwhile() -> str:
    return gettext("Somebody else changed this draft meanwhile. Nothing of yours was kept: this is how it is now.")


def _again(where: Place, problem: str) -> str:
    reminder = reminders()
    with here().transaction() as tx:
        found = store.draft(tx, where.code)
        if found is None:
            raise commands.NoDraft()
        return _page(tx, where, found, reminder, problem)


def _page(tx: Tx, where: Place, found: store.Draft, reminder: Mapping[str, Any], problem: str = "") -> str:
    questions, care = found.questionnaire, care_of(tx, where.code or None)
    return render_template(
        "survey_edit.html",
        at=where,
        draft=found,
        questions=questions,
        problem=problem,
        problems=problems_of(questions),
        opened=request.args.get("open", ""),
        earlier={one.code: list(earlier(questions, one.code)) for one in questions.questions},
        asks={one.code: question_text(questions, one) for one in questions.questions},
        option_text=lambda option: in_my_language(questions, option.texts),
        departments=told.choices(care, "department"),
        kinds=[(str(kind), label(kind)) for kind in QuestionKind if kind is not QuestionKind.NPS],
        label=label,
        languages=GUEST_LANGUAGES,
        most=MOST_QUESTIONS,
        **reminder,
    )
