"""The survey pages. The signed link is the guest's proof: no sign-in, no cookie; GET shows, POST answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from services.feedback.api.texts import guest_texts
from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed, answer_survey
from services.feedback.queries import surveys as queries
from services.feedback.queries.care.around import somebody_asked
from services.feedback.rules.cases import level_of
from services.feedback.schemas import SurveyForm, read
from services.feedback.store.care.terms import care_of
from services.feedback.store.properties import survey_threshold
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.web.access_control import open_to_all
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.site import here

SURVEYS = Blueprint("feedback_surveys", __name__, url_prefix="/feedback/survey")


@SURVEYS.get("/<token>")
@open_to_all
def ask(token: str) -> Response:
    """A score in the address is chosen, and given only once the guest sends it: mail scanners open links too."""
    with here().transaction() as tx:
        survey = _survey(tx, token)
        if notice := _notice(tx, survey, token):
            return notice
        given = survey.score if survey else None
        return _page(
            tx, "survey.html", survey, token, score=request.args.get("score", "" if given is None else str(given))
        )


@SURVEYS.post("/<token>")
@open_to_all
def answer(token: str) -> Response:
    with here().transaction() as tx:
        survey = _survey(tx, token)
        if survey is None or (notice := _notice(tx, survey, token)):
            return notice or _page(tx, "survey_notice.html", None, "", 503, what="later")
        if "switch" in request.form:  # to another language: what was typed stays
            return _page(tx, "survey.html", survey, token, 200, **_typed())
        values, problems = read(SurveyForm(), request.form)
        if problems:
            return _page(tx, "survey.html", survey, token, 422, problems=problems, **_typed())
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
            return _notice(tx, _survey(tx, token), token) or _page(tx, "survey.html", survey, token, 200, **_typed())
    return redirect(f"/feedback/survey/{token}/thanks?in={guest_language(survey.language)}", 303)


@SURVEYS.get("/<token>/thanks")
@open_to_all
def thanks(token: str) -> Response:
    with here().transaction() as tx:
        survey = _survey(tx, token)
        if survey is None or survey.score is None:
            return redirect(f"/feedback/survey/{token}", 303)
        level = level_of(survey.score, survey_threshold(tx, survey.property))
        hours = care_of(tx, survey.property).terms.hours[level - 1] if level else None
        asked = level is not None and somebody_asked(tx, make_id("answer", survey.message_id))
        return _page(tx, "survey_thanks.html", survey, token, hours=hours, somebody_asked=asked)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("score", "comment")}


def _survey(tx: Tx, token: str) -> queries.Survey | None:
    """The survey that was sent with this link; None where its event has not arrived yet."""
    survey = queries.survey(tx, _message_id(token))
    if survey is not None and (survey.purpose != Purpose.FEEDBACK):
        raise BadLink()
    return survey


def _message_id(token: str) -> UUID:
    return LinkSigner.of(here().database.keyring).read("survey", token)


def _notice(tx: Tx, survey: queries.Survey | None, token: str) -> Response | None:
    """The page for a survey that takes no answer any more, or whose event has not arrived yet; None for any other."""
    if survey is None:
        return _page(tx, "survey_notice.html", None, "", 503, what="later")
    if here().now() < survey.ends_at():
        return None
    return _page(tx, "survey_notice.html", survey, token, what="closed" if survey.answered_at is None else "answered")


@SURVEYS.errorhandler(BadLink)
def broken(_error: BadLink) -> Response:
    with here().transaction() as tx:
        return _page(tx, "survey_notice.html", None, "", 404, what="broken")


def _page(
    tx: Tx, template: str, survey: queries.Survey | None, token: str, status: int = 200, **values: Any
) -> Response:
    chosen = guest_language(survey.language if survey else None)
    texts = guest_texts("survey_texts")[chosen]
    house = queries.house(tx, survey.property) if survey else None
    way_out = LinkSigner.of(tx.keyring).sign("unsubscribe", survey.message_id) if survey else None
    text = render_template(
        template,
        **values,
        texts=texts,
        guest_language=chosen,
        guest_languages=GUEST_LANGUAGES,
        answering=template == "survey.html",
        switch=texts["switch"],
        house=house,
        house_name=house.name if house else texts["us"],
        survey=survey,
        token=token,
        way_out=f"/messaging/way-out/{way_out}?in={chosen}" if way_out else None,
    )
    return make_response(text, status)
