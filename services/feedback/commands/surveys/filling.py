"""A guest fills in a survey: each page is kept as it is given, and all of it counts once it is sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.feedback.commands.answer_survey import NoSurvey, answer_survey, open_follow_up
from services.feedback.queries.surveys import Survey
from services.feedback.rules.asking.questionnaires import (
    Given,
    Question,
    QuestionKind,
    Questionnaire,
    Value,
    fields_shown,
)
from services.feedback.store import guests, messages
from services.feedback.store.properties import zone_of
from services.feedback.store.surveys import responses as store
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.pictures.scaling import Picture
from shared.vocabulary.channel import Channel

LOW_RATING = 2
"""Of five stars: a department that got no more looks into it."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A page as it was sent. `values`: numbers and choices; `emptied`: fields with nothing chosen any more. Words that
    are not given again, and pictures, stay as they were."""

    values: Mapping[str, Value] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    emptied: frozenset[str] = frozenset()


def given_to(tx: Tx, survey: Survey, questions: Questionnaire, response: store.Response | None) -> Given:
    """What the guest has given up to now; the score of an answer that was sent is that of the answer."""
    kept = dict(store.given(tx, response.message_id)) if response else {}
    if survey.score is not None:
        kept.setdefault(questions.nps, Value(number=survey.score))
    return kept


def keep_page(
    tx: Tx, survey: Survey, version: tuple[str, int], page: Sequence[Question], filled: Filled, at: datetime
) -> store.Response:
    """Keeps what was given on a page; of a guest who is erased numbers and choices alone. Raises `NoSurvey`."""
    message = messages.find(tx, survey.message_id)
    if message is None:
        raise NoSurvey()
    is_erased = bool(guests.erased_among(tx, [message.guest_id]))
    response = store.begin(tx, survey.message_id, message.guest_id, message.stay_id, survey.property, version, at)
    kinds = {name: str(one.kind) for one in page for name in one.fields}
    kept = [
        store.Kept(field=name, kind=kinds[name], number=value.number, choices=value.choices)
        for name, value in filled.values.items()
    ]
    if not is_erased:
        seal = tx.keyring.seal
        kept += [
            store.Kept(field=name, kind=kinds[name], words_sealed=seal(text, Sealing.WORDS))
            for name, text in filled.words.items()
        ]
        kept += [store.Kept(field=name, kind=kinds[name]) for name in filled.pictures]
        for name, picture in filled.pictures.items():
            content = seal(b64encode(picture.content).decode(), Sealing.WORDS)
            store.keep_picture(tx, response.message_id, name, picture.media_type, content, at)
    store.take_out(tx, response.message_id, filled.emptied)
    store.keep(tx, response.message_id, kept, at)
    return response


def send_response(
    tx: Tx, survey: Survey, questions: Questionnaire, response: store.Response, given: Given, at: datetime
) -> None:
    """All of it counts now: the score becomes the stay's answer, with the words of all questions as its comment. What
    hangs on an answer that was changed is forgotten. A department rated low follows up, where the score calls nobody.
    Raises what `answer_survey` raises."""
    score = given[questions.nps].number
    if score is None:
        raise InputError(problems={questions.nps: "a score is expected"})
    store.take_out(tx, response.message_id, set(given) - fields_shown(questions, given))
    words = store.words(tx, response.message_id)
    comment = "\n\n".join(
        tx.keyring.open(words[one.code], Sealing.WORDS)
        for one in questions.shown(given)
        if one.kind is QuestionKind.TEXT and one.code in words
    )
    answer_id = answer_survey(tx, survey.message_id, score, comment or None, Channel(survey.channel), at)
    store.take_out(tx, response.message_id, [questions.nps])  # the answer has it, and may be corrected
    sent_at = response.submitted_at or at
    day = local_date(sent_at, zone_of(tx, survey.property)) if survey.property else None
    store.submitted(tx, response.message_id, sent_at, day)
    message = messages.find(tx, survey.message_id)
    department = lowest_department(questions, given)
    if message and department and not guests.erased_among(tx, [message.guest_id]):
        hotel, stay = survey.property, message.stay_id
        open_follow_up(tx, answer_id, message.guest_id, stay, hotel, 1, at, department=department)


def lowest_department(questions: Questionnaire, given: Given) -> str | None:
    """The one rated worst, where that is low; of several the first."""
    ratings = [
        (value.number, name.partition(".")[2])
        for one in questions.shown(given)
        if one.kind is QuestionKind.DEPARTMENTS
        for name in one.fields
        if (value := given.get(name)) is not None and value.number is not None and value.number <= LOW_RATING
    ]
    return min(ratings, key=lambda rating: rating[0])[1] if ratings else None
