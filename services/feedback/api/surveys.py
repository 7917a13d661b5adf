"""The survey pages. The signed link is the guest's proof: no sign-in, no cookie; GET shows, POST answers."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from services.feedback.api.survey_frame import notice_of, open_survey, page, survey_of
from services.feedback.api.survey_pages import asked_of, show_page, take_page
from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed, answer_survey
from services.feedback.queries.care.around import somebody_asked
from services.feedback.rules.cases import level_of
from services.feedback.schemas import SurveyForm, read
from services.feedback.store.care.terms import care_of
from services.feedback.store.properties import survey_threshold
from services.feedback.store.surveys.review_links import links_of
from shared.crypto.signing import BadLink
from shared.ids import make_id
from shared.pictures.scaling import LARGEST_FILE
from shared.vocabulary.channel import Channel
from shared.web.access_control import open_to_all
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.i18n.guest_languages import guest_language
from shared.web.site import here

SURVEYS = Blueprint("feedback_surveys", __name__, url_prefix="/feedback/survey")


@SURVEYS.get("/<token>")
@open_to_all
def ask(token: str) -> Response:
    """A score in the address is chosen, and given only once the guest sends it: mail scanners open links too."""
    with here().transaction() as tx:
        survey = open_survey(tx, token)
        if isinstance(survey, Response):
            return survey
        if asked := asked_of(tx, survey):
            return show_page(tx, survey, asked, token)
        given = "" if survey.score is None else str(survey.score)
        return page(tx, "survey.html", survey, token, score=request.args.get("score", given))


@SURVEYS.post("/<token>")
@open_to_all
def answer(token: str) -> Response:
    """A page that was opened before a questionnaire was published is answered as it was shown."""
    if "asked" in request.form:
        return take_page(token)
    with here().transaction() as tx:
        survey = open_survey(tx, token)
        if isinstance(survey, Response):
            return survey
        if "switch" in request.form:  # to another language: what was typed stays
            return page(tx, "survey.html", survey, token, 200, **_typed())
        values, problems = read(SurveyForm(), request.form)
        if problems:
            return page(tx, "survey.html", survey, token, 422, problems=problems, **_typed())
        try:
            with tx.savepoint():
                answer_survey(
                    tx,
                    survey.message_id,
                    values["score"],
                    values["comment"] or None,
                    Channel(survey.channel),
                    here().now(),
                )
        except (AnsweredBefore, SurveyClosed):  # it ended at this moment
            return notice_of(tx, survey_of(tx, token), token) or page(tx, "survey.html", survey, token, 200, **_typed())
    return redirect(f"/feedback/survey/{token}/thanks?in={guest_language(survey.language)}", 303)


@SURVEYS.post("/<token>/pictures")
@open_to_all
@takes_files(LARGEST_FILE + OF_A_PAGE, by_link="survey")
def answer_with_picture(token: str) -> Response:
    """A page that asks for one: its address alone takes more than a page of words."""
    return take_page(token)


@SURVEYS.get("/<token>/thanks")
@open_to_all
def thanks(token: str) -> Response:
    with here().transaction() as tx:
        survey = survey_of(tx, token)
        if survey is None or survey.score is None:
            return redirect(f"/feedback/survey/{token}", 303)
        level = level_of(survey.score, survey_threshold(tx, survey.property))
        hours = care_of(tx, survey.property).terms.hours[level - 1] if level else None
        asked = level is not None and somebody_asked(tx, make_id("answer", survey.message_id))
        reviews = links_of(tx, survey.property)
        return page(tx, "survey_thanks.html", survey, token, hours=hours, somebody_asked=asked, reviews=reviews)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("score", "comment")}


@SURVEYS.errorhandler(BadLink)
def broken(_error: BadLink) -> Response:
    with here().transaction() as tx:
        return page(tx, "survey_notice.html", None, "", 404, what="broken")
