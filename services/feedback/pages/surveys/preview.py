"""A survey as a guest would see it, all its pages one after the other: for a frame as wide as a phone."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext

from services.feedback.api.texts import guest_texts
from services.feedback.pages.surveys.places import Place, place_named
from services.feedback.queries.surveys import house
from services.feedback.rules.asking.questionnaires import Questionnaire
from services.feedback.store.care.terms import care_of
from services.feedback.store.surveys import questionnaires as store
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import my_hotels, needs
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.pages.versions import number_in
from shared.web.site import here

PREVIEW = Blueprint("feedback_survey_preview", __name__, url_prefix="/feedback/surveys/<place>/preview")


@PREVIEW.get("")
@needs(May.SEE_FIGURES)
def show(place: str) -> str:
    """Of the draft, else with `version=` of that one. Nothing in it can be sent."""
    where = place_named(place)
    language = request.args.get("in", "")
    language = language if language in GUEST_LANGUAGES else "en"
    with here().transaction() as tx:
        questions = _asked(tx, where)
        hotels = my_hotels()
        found = house(tx, where.code or (hotels[0].code if hotels else None))
        asks = found.called(language) if found else None
        departments = care_of(tx, where.code or None).every("department")
    texts = guest_texts("survey_texts")[language]
    return render_template(
        "survey_preview.html",
        questions=questions,
        departments=departments,
        texts=texts,
        guest_language=language,
        guest_languages=GUEST_LANGUAGES,
        switch=texts["switch"],
        house=asks,
        house_name=asks.name if asks else texts["us"],
        version=request.args.get("version", ""),
        page_name=lambda number: gettext("Page %(number)s", number=number),
    )


def _asked(tx: Tx, where: Place) -> Questionnaire:
    if request.args.get("version"):
        version = store.version(tx, where.code, number_in(request.args) or 0)
        found = version.questionnaire if version else None
    else:
        draft = store.draft(tx, where.code)
        found = draft.questionnaire if draft else None
    return found or abort(404)
