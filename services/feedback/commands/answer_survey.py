"""A guest answers a survey."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases import Opening, open_case
from services.feedback.rules.cases import HIGHEST, LOWEST, level_of
from services.feedback.rules.surveys import closes_at, final_from
from services.feedback.store import answers, guests, messages, voices
from services.feedback.store.properties import survey_threshold, zone_of
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.events import chunk_of
from shared.events.feedback import SurveyAnswered
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose


class AnsweredBefore(Conflict):
    """This survey has been answered, and the answer is final by now. Thank you!"""


class SurveyClosed(Conflict):
    """This survey is closed: the stay is long ago."""


class NoSurvey(NotFound):
    """No survey was sent under this number."""


def answer_survey(tx: Tx, message_id: UUID, score: int, comment: str | None, channel: Channel, at: datetime) -> UUID:
    """Stores the one answer to the surveys of a stay; a score at or below the threshold opens a follow-up.

    Given once more within `CHANGEABLE_FOR`, it is changed: an empty comment leaves the words as they were, and a case
    that was opened stays with whoever has it. Of a guest who is erased the score alone is kept, as a figure of the
    hotel. Publishes survey.answered, at the answer's next version. Raises `InputError`, `NoSurvey`, `AnsweredBefore`,
    `SurveyClosed`.
    """
    if not LOWEST <= score <= HIGHEST:
        raise InputError(problems={"score": f"a whole number from {LOWEST} to {HIGHEST} is expected"})
    message = messages.find(tx, message_id)
    if message is None or message.purpose != Purpose.FEEDBACK:
        raise NoSurvey()
    is_erased = bool(guests.erased_among(tx, [message.guest_id]))
    sealed = tx.keyring.seal(comment, Sealing.WORDS) if comment and not is_erased else None
    answers.lock(tx, message_id, message.stay_id)
    if before := answers.given(tx, message_id, message.stay_id):
        if not (answer := _changed(tx, before, score, sealed, at)):
            return before.answer_id
        answers.change(tx, answer, before.score, None, at)
        voices.count_anew(tx, [answer.guest_id])
    elif at >= closes_at(message.sent_at):
        raise SurveyClosed()
    else:
        answer = SurveyAnswered(
            answer_id=make_id("answer", message_id),
            version=1,
            guest_id=message.guest_id,
            stay_id=message.stay_id,
            property=message.property,
            score=score,
            comment=sealed,
            channel=channel,
            answered_at=at,
        )
        answers.add(tx, message_id, answer)
        if answer.property:
            voices.keep(tx, answer, local_date(at, zone_of(tx, answer.property)))
    if not is_erased:
        publish(tx, chunk_of([answer]), at=at)
        _follow_up(tx, answer, at)
    return answer.answer_id


def _changed(tx: Tx, before: answers.Answer, score: int, sealed: Sealed | None, at: datetime) -> SurveyAnswered | None:
    """The answer as it is from now on; None where it says what it said. Raises `AnsweredBefore` once it is final."""
    if score == before.score and (sealed is None or _same_words(tx, before.comment, sealed)):
        return None
    if at >= final_from(before.answered_at):
        raise AnsweredBefore()
    return SurveyAnswered(
        answer_id=before.answer_id,
        version=before.version + 1,
        guest_id=before.guest_id,
        stay_id=before.stay_id,
        property=before.property,
        score=score,
        comment=sealed or before.comment,
        channel=before.channel,
        answered_at=before.answered_at,
    )


def _same_words(tx: Tx, one: Sealed | None, other: Sealed) -> bool:
    return one is not None and tx.keyring.open(one, Sealing.WORDS) == tx.keyring.open(other, Sealing.WORDS)


def _follow_up(tx: Tx, answer: SurveyAnswered, at: datetime) -> None:
    """A score that is low enough opens a case, once an answer."""
    level = level_of(answer.score, survey_threshold(tx, answer.property))
    if level is None:
        return
    opening = Opening(
        ref=str(answer.answer_id),
        guest_id=answer.guest_id,
        reason=CaseReason.SCORE,
        source_id=answer.answer_id,
        level=level,
        stay_id=answer.stay_id,
        property=answer.property,
    )
    open_case(tx, opening, at)
