"""A person decides what a reply was a score of, or corrects a score that was read or given wrongly."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from services.feedback.commands.answer_survey import NoSurvey, answer_survey, changed, open_follow_up
from services.feedback.commands.cases import NotOpen, close_case
from services.feedback.commands.heard.telling import tell_taken_back
from services.feedback.rules.cases import HIGHEST, LOWEST, Outcome, level_of
from services.feedback.store import answers, messages, voices
from services.feedback.store.heard import texts
from services.feedback.store.properties import survey_threshold
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import InputError
from shared.events import chunk_of
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import Channel


def correct_score(tx: Tx, message_id: UUID, score: int | None, *, by: str, at: datetime) -> bool:
    """The survey's score is this one; None: what was taken for a score is none. False where it is that already.

    Who decided, when, and the scores before and after are kept. Publishes survey.answered in its next version; figures
    are counted anew, the follow-up of a score that was too low is closed, and a low one opens it. Raises `NoSurvey`.
    """
    if score is not None and not LOWEST <= score <= HIGHEST:
        raise InputError(problems={"score": f"a whole number from {LOWEST} to {HIGHEST} is expected"})
    message = messages.find(tx, message_id)
    if message is None:
        raise NoSurvey()
    answer = answers.lock(tx, message_id, message.stay_id)
    before = answer.score if answer else None
    if before == score:
        return False
    correction = make_id("score correction", message_id, str(before), str(score), at.isoformat())
    answers.note_correction(tx, correction, message_id, before, score, by, at)
    if answer is None:
        answer_survey(tx, message_id, score or LOWEST, None, Channel(message.channel), at, by_person=True)
        return True
    if score is None:
        answers.take_back(tx, answer.message_id)
        texts.forget(tx, answer.answer_id)
        tell_taken_back(tx, answer, at)
    else:
        answers.correct(tx, answer.message_id, score)
    voices.count_anew(tx, [answer.guest_id])
    _publish(tx, answer, score, at)
    _follow_up(tx, answer, score, by, at)
    return True


def _publish(tx: Tx, answer: answers.Answer, score: int | None, at: datetime) -> None:
    """As present state: a correction is no new answer, and lets nobody into a journey."""
    told = changed(answer, answer.score if score is None else score, None, void=score is None)
    publish(tx, chunk_of([told], republished=True), at=at)


def _follow_up(tx: Tx, answer: answers.Answer, score: int | None, by: str, at: datetime) -> None:
    threshold = survey_threshold(tx, answer.property)
    level = None if score is None else level_of(score, threshold)
    if level is not None:
        open_follow_up(tx, answer.answer_id, answer.guest_id, answer.stay_id, answer.property, level, at)
        return
    case_id = make_id("case", CaseKind.FOLLOW_UP, str(answer.answer_id))
    after = "–" if score is None else str(score)
    with suppress(NotOpen), tx.savepoint():
        close_case(tx, case_id, Outcome.NOTHING_TO_DO, at, by=by, words=f"{answer.score} → {after}")
