"""What stands with an answer beside its score, in the reader's words; and the pictures that came with it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from flask import Blueprint
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.api.texts import guest_texts
from services.feedback.pages.cases import labels as told
from services.feedback.queries import guests
from services.feedback.queries import questionnaires as queries
from services.feedback.rules.asking.questionnaire_document import read_document
from services.feedback.rules.asking.questionnaires import Question, QuestionKind, Questionnaire
from services.feedback.rules.care import Care
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.pictures.private import shown
from shared.web.access_control import me, needs
from shared.web.i18n.guest_languages import nearest
from shared.web.i18n.languages import locale
from shared.web.site import here

GIVEN = Blueprint("feedback_survey_pictures", __name__, url_prefix="/feedback/survey-pictures")


class NoPicture(NotFound):
    """There is no such picture, or its term is over."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A question and what was given to it: `text` in the reader's words, or the guest's own, sealed."""

    asks: str
    text: str = ""
    words_sealed: str | None = None
    picture_id: UUID | None = None


@GIVEN.get("/<uuid:picture_id>")
@needs(May.SEE_CONTACTS)
def show(picture_id: UUID) -> Response:
    with here().transaction() as tx:
        found = queries.picture(tx, picture_id)
        if found is None or not _is_mine(tx, *found):
            raise NoPicture()
    content = here().database.keyring.open(Sealed(found[0].content_sealed), Sealing.WORDS)
    return shown(b64decode(content), found[0].content_type)


def _is_mine(tx: Tx, picture: queries.Picture, hotel: str | None) -> bool:
    if hotel is not None:
        return hotel in me().scope
    return guests.guest(tx, picture.guest_id, me().scope) is not None


def said_with(tx: Tx, answers: Sequence[UUID], cares: Mapping[str | None, Care]) -> Mapping[UUID, list[Said]]:
    """By answer, what was given beside its score, in the order in which it was asked. `cares`: by hotel, its own words
    for its departments."""
    found: dict[UUID, list[Said]] = {}
    lines: dict[UUID, dict[str, queries.ValueLine]] = {}
    for line in queries.values_of(tx, answers):
        lines.setdefault(line.answer_id, {})[line.field] = line
    for answer_id, fields in lines.items():
        first = next(iter(fields.values()))
        questions, care = read_document(first.document), cares[first.property]
        found[answer_id] = [
            _said(questions, one, fields[name], care)
            for one in questions.questions
            for name in one.fields
            if name in fields
        ]
    return found


def _said(questions: Questionnaire, one: Question, line: queries.ValueLine, care: Care) -> Said:
    asks = question_text(questions, one)
    match one.kind:
        case QuestionKind.NPS:
            return Said(asks=asks, text=gettext("%(number)s of %(highest)s", number=line.number, highest=10))
        case QuestionKind.CSAT | QuestionKind.STARS:
            return Said(asks=asks, text=gettext("%(number)s of %(highest)s", number=line.number, highest=5))
        case QuestionKind.CES:
            return Said(asks=asks, text=gettext("%(number)s of %(highest)s", number=line.number, highest=7))
        case QuestionKind.DEPARTMENTS:
            name = told.named(care, "department", line.field.partition(".")[2])
            return Said(asks=name, text=gettext("%(number)s of %(highest)s", number=line.number, highest=5))
        case QuestionKind.CHOICE:
            texts = {option.code: in_my_language(questions, option.texts) for option in one.options}
            return Said(asks=asks, text=" · ".join(texts.get(code, code) for code in line.choices))
        case QuestionKind.TEXT:
            return Said(asks=asks, words_sealed=line.words_sealed)
        case QuestionKind.PICTURE:
            return Said(asks=asks, text=gettext("A picture"), picture_id=line.picture_id)
        case _:
            assert_never(one.kind)


def question_text(questions: Questionnaire, one: Question) -> str:
    """What it asks, for a reader of the console; in our words where the hotel wrote none."""
    own = in_my_language(questions, one.texts)
    if own:
        return own.replace("{house}", gettext("the hotel"))
    texts = guest_texts("survey_texts")[_mine()]
    shipped = {QuestionKind.NPS: "question", QuestionKind.TEXT: "comment"}
    return texts[shipped[one.kind]].format(house=gettext("the hotel")) if one.kind in shipped else one.code


def in_my_language(questions: Questionnaire, texts: Mapping[str, str]) -> str:
    return questions.text(texts, _mine())


def _mine() -> str:
    return nearest(str(locale())) or "en"
