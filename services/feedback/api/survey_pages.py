"""A survey with questions of the hotel's own, page by page. What is shown is decided here, so that no script is needed,
and each page is kept as it is left: a survey that is never sent keeps what was given to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from services.feedback.api.survey_form import read_page
from services.feedback.api.survey_frame import notice_of, open_survey, page, survey_of
from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed
from services.feedback.commands.surveys.filling import Filled, given_to, keep_page, send_response
from services.feedback.queries.surveys import Survey
from services.feedback.rules.asking.questionnaires import Given, Questionnaire, Value, missing
from services.feedback.store import messages
from services.feedback.store.care.terms import care_of
from services.feedback.store.surveys import questionnaires, responses
from services.feedback.store.surveys.responses import Response as Begun
from shared.database.pool import Tx
from shared.web.i18n.guest_languages import guest_language
from shared.web.site import here


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The version that a guest answers, with what they gave to it up to now."""

    place: str
    number: int
    questions: Questionnaire
    begun: Begun | None
    given: Given


@dataclass(frozen=True, kw_only=True)
class Left:
    """A page that could not be left: what is wrong with it, and what was typed."""

    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def asked_of(tx: Tx, survey: Survey, seen: str = "") -> Asked | None:
    """What this survey asks: the version that was begun, else the one `seen` by its page, else the one in force. None:
    as it is shipped."""
    message = messages.find(tx, survey.message_id)
    begun = responses.of_survey(tx, survey.message_id, message.stay_id if message else None)
    if begun:
        found = questionnaires.version(tx, begun.place, begun.number)
    else:
        found = _seen(tx, survey, seen) or questionnaires.in_force(tx, survey.property)
    if found is None or found.questionnaire is None:
        return None
    given = given_to(tx, survey, found.questionnaire, begun)
    return Asked(place=found.place, number=found.number, questions=found.questionnaire, begun=begun, given=given)


def _seen(tx: Tx, survey: Survey, seen: str) -> questionnaires.Published | None:
    """One of this hotel's or of every hotel's, whatever else stands in the form."""
    place, _, number = seen.rpartition(":")
    if place not in (survey.property, questionnaires.EVERY_HOTEL) or not number.isdecimal() or len(number) > 9:
        return None
    found = questionnaires.version(tx, place, int(number))
    return found if found and found.questionnaire else None


def show_page(
    tx: Tx, survey: Survey, asked: Asked, token: str, place: int | None = None, left: Left | None = None
) -> Response:
    """The page where the guest is. A score in the address is chosen, and given only once it is sent."""
    given = dict(asked.given)
    chosen = request.args.get("score", "")
    if chosen.isdecimal() and len(chosen) <= 2 and int(chosen) <= 10:
        given.setdefault(asked.questions.nps, Value(number=int(chosen)))
    if place is None:
        place = asked.begun.page if asked.begun else 0
    if not asked.questions.page(place, given):
        place = next((each for each in range(place, -1, -1) if asked.questions.page(each, given)), 0)
    return page(
        tx,
        "survey_page.html",
        survey,
        token,
        422 if left and left.problems else 200,
        asked=asked,
        place=place,
        given=given,
        left=left or Left(),
        carried=f"&score={chosen}" if chosen else "",
        **page_values(tx, survey.property, asked.questions, place, given),
    )


def page_values(tx: Tx, hotel: str | None, questions: Questionnaire, place: int, given: Given) -> dict[str, Any]:
    """What the page of a guest, and its preview, need to know."""
    return {
        "questions": questions,
        "page_questions": questions.page(place, given),
        "is_first": questions.page_before(place, given) is None,
        "is_last": questions.may_end_on(place, given),
        "departments": care_of(tx, hotel).every("department"),
    }


def take_page(token: str) -> Response:
    """Pictures are made small between two transactions."""
    with here().transaction() as tx:
        survey = open_survey(tx, token)
        if isinstance(survey, Response):
            return survey
        asked = asked_of(tx, survey, request.form.get("asked", ""))
    place = request.form.get("page", "0")
    number = int(place) if place.isdecimal() and len(place) < 3 else 0
    if asked is None or not 0 <= number < len(asked.questions.pages()):
        return redirect(_address(token, survey), 303)
    read = read_page(asked.questions.pages()[number], request.form, request.files)
    with here().transaction() as tx:
        return _keep(tx, token, number, read.filled, Left(problems=read.problems, typed=read.typed))


def _keep(tx: Tx, token: str, place: int, filled: Filled, left: Left) -> Response:
    survey = open_survey(tx, token)
    if isinstance(survey, Response):
        return survey
    asked = asked_of(tx, survey, request.form.get("asked", ""))
    if asked is None:
        return redirect(_address(token, survey), 303)
    version, questions = (asked.place, asked.number), asked.questions
    begun = keep_page(tx, survey, version, questions.pages()[place], filled, here().now())
    survey = survey_of(tx, token) or survey  # whoever sent it meanwhile, by a second tap, was waited for
    given = given_to(tx, survey, questions, begun)
    now = Asked(place=asked.place, number=asked.number, questions=questions, begun=begun, given=given)
    if "switch" in request.form:  # to another language: what was typed stays
        return show_page(tx, survey, now, token, place, Left(typed=left.typed))
    if request.form.get("go") == "back":
        responses.reached(tx, begun.message_id, max(questions.page_before(place, given) or 0, 0))
        return redirect(_address(token, survey), 303)
    problems = {**missing(questions.page(place, given), given), **left.problems}
    if problems:
        return show_page(tx, survey, now, token, place, Left(problems=problems, typed=left.typed))
    after = questions.page_after(place, given)
    if after is not None:
        responses.reached(tx, begun.message_id, after)
        return redirect(_address(token, survey), 303)
    return _send(tx, survey, now, token)


def _send(tx: Tx, survey: Survey, asked: Asked, token: str) -> Response:
    """After the last page. One that was passed over, by a form of somebody's own, is shown again."""
    for place in range(len(asked.questions.pages())):
        if problems := missing(asked.questions.page(place, asked.given), asked.given):
            return show_page(tx, survey, asked, token, place, Left(problems=problems))
    assert asked.begun is not None
    try:
        with tx.savepoint():
            send_response(tx, survey, asked.questions, asked.begun, asked.given, here().now())
    except (AnsweredBefore, SurveyClosed):  # it ended at this moment
        return notice_of(tx, survey_of(tx, token), token) or show_page(tx, survey, asked, token)
    return redirect(f"/feedback/survey/{token}/thanks?in={guest_language(survey.language)}", 303)


def _address(token: str, survey: Survey) -> str:
    chosen = request.args.get("score", "")
    carried = f"&score={chosen}" if chosen.isdecimal() else ""
    return f"/feedback/survey/{token}?in={guest_language(survey.language)}{carried}"
