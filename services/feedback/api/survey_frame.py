"""What the pages of a survey share: the survey of a link, the notice where it takes no answer, and the frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import make_response, render_template
from werkzeug.wrappers import Response

from services.feedback.api.texts import guest_texts
from services.feedback.queries import surveys as queries
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.vocabulary.purpose import Purpose
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.site import here


def survey_of(tx: Tx, token: str) -> queries.Survey | None:
    """The survey that was sent with this link; None where its event has not arrived yet."""
    survey = queries.survey(tx, _message_id(token))
    if survey is not None and (survey.purpose != Purpose.FEEDBACK):
        raise BadLink()
    return survey


def _message_id(token: str) -> UUID:
    return LinkSigner.of(here().database.keyring).read("survey", token)


def notice_of(tx: Tx, survey: queries.Survey | None, token: str) -> Response | None:
    """The page for a survey that takes no answer any more, or whose event has not arrived yet; None for any other."""
    if survey is None:
        return _later(tx)
    if here().now() < survey.ends_at():
        return None
    return page(tx, "survey_notice.html", survey, token, what="closed" if survey.answered_at is None else "answered")


def open_survey(tx: Tx, token: str) -> queries.Survey | Response:
    """The survey of the link, where it takes an answer; else the page that says why not."""
    survey = survey_of(tx, token)
    if survey is None:
        return _later(tx)
    return notice_of(tx, survey, token) or survey


def _later(tx: Tx) -> Response:
    return page(tx, "survey_notice.html", None, "", 503, what="later")


def page(
    tx: Tx, template: str, survey: queries.Survey | None, token: str, status: int = 200, **values: Any
) -> Response:
    chosen = guest_language(survey.language if survey else None)
    texts = guest_texts("survey_texts")[chosen]
    found = queries.house(tx, survey.property) if survey else None
    house = found.called(chosen) if found else None
    way_out = LinkSigner.of(tx.keyring).sign("unsubscribe", survey.message_id) if survey else None
    text = render_template(
        template,
        **values,
        texts=texts,
        guest_language=chosen,
        guest_languages=GUEST_LANGUAGES,
        answering=template in ("survey.html", "survey_page.html"),
        switch=texts["switch"],
        house=house,
        house_name=house.name if house else texts["us"],
        survey=survey,
        token=token,
        way_out=f"/messaging/way-out/{way_out}?in={chosen}" if way_out else None,
    )
    return make_response(text, status)
