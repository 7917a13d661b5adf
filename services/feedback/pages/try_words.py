"""What would be made of a text? Tried here, nothing is kept or sent."""

from __future__ import annotations

from typing import assert_never

from flask import Blueprint, render_template, request
from flask_babel import gettext

from services.feedback.commands.heard.lessons import house_words
from services.feedback.pages import labels
from services.feedback.rules.feelings import FeelingLabel
from services.feedback.rules.replies import taken_as
from services.feedback.schemas import LONGEST_WORDS
from services.feedback.understanding import CaseFor, Understood, understand
from shared.access.people import May
from shared.vocabulary.case import CaseKind
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import hotels_in_scope, needs
from shared.web.i18n.languages import locale
from shared.web.site import here

TRY_WORDS = Blueprint("feedback_try_words", __name__, url_prefix="/feedback/replies/try")


@TRY_WORDS.get("")
@TRY_WORDS.post("")
@needs(May.SEE_GUESTS)
def show() -> str:
    """Posted, because a guest's words belong in no address and no log."""
    text = request.form.get("text", "")[:LONGEST_WORDS]
    survey_open = request.form.get("survey") == "yes" or request.method == "GET"
    number = request.form.get("number", "").strip() or None
    with here().transaction() as tx:
        house = house_words(tx, next((hotel.code for hotel in hotels_in_scope()), None))
    found = understand(text, survey_open=survey_open, number=number, house=house) if text.strip() else None
    return render_template(
        "try_words.html",
        text=text,
        survey_open=survey_open,
        number=number or "",
        found=found,
        taken_as=taken_as(found) if found else None,
        because=_because(found),
        case=_case(found),
        labels=labels,
        feeling=lambda code: labels.label(FeelingLabel(code)),
        topic_name=lambda code: labels.label(TopicLabel(code)),
        language_name=lambda code: locale().languages.get(code, code),
    )


def _because(found: Understood | None) -> list[str]:
    return list(dict.fromkeys(word for words in found.because.values() for word in words)) if found else []


def _case(found: Understood | None) -> str | None:
    """What is opened for somebody to look after; None where nothing is."""
    match found.case if found else CaseFor.NONE:
        case CaseFor.COMPLAINT:
            return labels.label(CaseKind.COMPLAINT)
        case CaseFor.FOLLOW_UP:
            return labels.label(CaseKind.FOLLOW_UP)
        case CaseFor.STOP_QUESTION:
            return gettext("a question for a person: is it an objection?")
        case CaseFor.NONE:
            return None
        case never:
            assert_never(never)
