"""A guest answers a survey."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases.opening import Opening, open_once
from services.feedback.commands.cases.urgent import take_urgent_words
from services.feedback.commands.heard.understanding import Said, hear_comment
from services.feedback.rules.asking.surveys import closes_at, final_from
from services.feedback.rules.cases import HIGHEST, LOWEST, level_of
from services.feedback.rules.heard import HeardKind
from services.feedback.store import answers, guests, messages, voices
from services.feedback.store.properties import survey_threshold, zone_of
from services.feedback.understanding import Score
from services.feedback.understanding.urgent import Urgency, urgency_of
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.events import chunk_of
from shared.events.feedback import SurveyAnswered
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.answer import AnswerWay
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose


class AnsweredBefore(Conflict):
    """This survey has been answered, and the answer is final by now. Thank you!"""


class SurveyClosed(Conflict):
    """This survey is closed: the stay is long ago."""


class NoSurvey(NotFound):
    """No survey was sent under this number."""


def answer_survey(
    tx: Tx,
    message_id: UUID,
    score: int,
    comment: str | None,
    channel: Channel,
    at: datetime,
    *,
    given: Score | None = None,
    by_person: bool = False,
) -> UUID:
    """Stores the one answer to the surveys of a stay; a score at or below the threshold opens a follow-up.

    Given once more within `CHANGEABLE_FOR`, it is changed: an empty comment leaves the words, a case stays with whoever
    has it. `given`: the score as read from words, which are kept. `by_person`: somebody decided what a reply meant that
    came in time. Of an erased guest the score alone is kept. Publishes survey.answered. Raises `NoSurvey` and others.
    """
    message = _survey(tx, message_id, score)
    keeps_words = not guests.erased_among(tx, [message.guest_id])
    sealed = tx.keyring.seal(comment, Sealing.WORDS) if comment and keeps_words else None
    words = tx.keyring.seal(given.words, Sealing.WORDS) if given and keeps_words else None
    scale = given.scale if given else None
    before = answers.lock(tx, message_id, message.stay_id)
    is_said = before is not None and sealed is not None and _same_words(tx, before.comment, sealed)
    if before:
        if score == before.score and (sealed is None or is_said):
            return before.answer_id
        _check_changeable(before, at)
        answer = change(tx, before, score, sealed or before.comment, at, words=words, scale=scale)
    else:
        _check_open(message, at, by_person=by_person)
        answer = _first(tx, message, score, sealed, channel, at)
        count_in(tx, message_id, answer, words=words, scale=scale)
    if keeps_words:
        publish(tx, chunk_of([answer], republished=before is not None), at=at)  # a change lets nobody into a journey
        look_after(tx, answer, None if is_said else comment, at)
    return answer.answer_id


def _survey(tx: Tx, message_id: UUID, score: int) -> messages.Message:
    """The survey that this is a score of. Raises `InputError`, `NoSurvey`."""
    if not LOWEST <= score <= HIGHEST:
        raise InputError(problems={"score": f"a whole number from {LOWEST} to {HIGHEST} is expected"})
    message = messages.find(tx, message_id)
    if message is None or message.purpose != Purpose.FEEDBACK:
        raise NoSurvey()
    return message


def _check_changeable(before: answers.Answer, at: datetime) -> None:
    if at >= final_from(before.answered_at):
        raise AnsweredBefore()


def _check_open(message: messages.Message, at: datetime, *, by_person: bool) -> None:
    if at >= closes_at(message.sent_at) and not by_person:
        raise SurveyClosed()


def count_in(
    tx: Tx,
    message_id: UUID,
    answer: SurveyAnswered,
    *,
    words: Sealed | None = None,
    scale: int | None = None,
    by: str | None = None,
) -> None:
    """A new answer is kept, and counts on its day in the hotel's calendar. `words`, `scale`: those the score was read
    from; `by`: who entered it."""
    day = local_date(answer.answered_at, zone_of(tx, answer.property)) if answer.property else None
    answers.add(tx, message_id, answer, day, given_sealed=words, given_scale=scale, entered_by=by)
    if day:
        voices.keep(tx, answer, day)


def _first(
    tx: Tx, message: messages.Message, score: int, sealed: Sealed | None, channel: Channel, at: datetime
) -> SurveyAnswered:
    return SurveyAnswered(
        answer_id=make_id("answer", message.message_id),
        version=answers.next_version(tx, message.message_id),
        guest_id=message.guest_id,
        stay_id=message.stay_id,
        property=message.property,
        score=score,
        comment=sealed,
        channel=channel,
        answered_at=at,
        message_id=message.message_id,
    )


def change(
    tx: Tx,
    before: answers.Answer,
    score: int,
    comment: Sealed | None,
    at: datetime,
    *,
    words: Sealed | None = None,
    scale: int | None = None,
    by: str | None = None,
) -> SurveyAnswered:
    """The answer is this one now, and the score before it is kept. `by`: who changed it, None the guest; `words`,
    `scale`: those the score was read from."""
    answer = changed(before, score, comment)
    answers.change(tx, before.message_id, score, comment, words, scale)
    correction = make_id("score correction", before.message_id, str(answer.version), at.isoformat())
    answers.note_correction(tx, correction, before.message_id, before.score, score, by, at)
    voices.count_anew(tx, [answer.guest_id])
    return answer


def changed(before: answers.Answer, score: int, comment: Sealed | None, *, void: bool = False) -> SurveyAnswered:
    """The answer at its next version. `void`: it is none any more."""
    return SurveyAnswered(
        answer_id=before.answer_id,
        version=before.version + 1,
        guest_id=before.guest_id,
        stay_id=before.stay_id,
        property=before.property,
        score=score,
        comment=comment,
        channel=AnswerWay(before.channel).channel,
        answered_at=before.answered_at,
        void=void,
        by_hand=before.channel == AnswerWay.BY_HAND,
        message_id=before.message_id,
    )


def _same_words(tx: Tx, one: Sealed | None, other: Sealed) -> bool:
    return one is not None and tx.keyring.open(one, Sealing.WORDS) == tx.keyring.open(other, Sealing.WORDS)


def look_after(tx: Tx, answer: SurveyAnswered, comment: str | None, at: datetime) -> None:
    """A score that is low enough opens a case, once an answer; words that cannot wait call somebody, also where that
    case is there already. `comment`: words that are new; they are understood."""
    urgency = urgency_of(comment)
    if comment:
        said = Said(answer.answer_id, HeardKind.COMMENT, answer.property, answer.answered_at)
        hear_comment(tx, said, comment, at)
    level = level_of(answer.score, survey_threshold(tx, answer.property))
    guest, stay, hotel = answer.guest_id, answer.stay_id, answer.property
    if level is None or not open_follow_up(tx, answer.answer_id, guest, stay, hotel, level, at, urgency):
        take_urgent_words(tx, answer.answer_id, urgency, guest, at, stay_id=stay, hotel=hotel)


def open_follow_up(
    tx: Tx,
    answer_id: UUID,
    guest_id: UUID,
    stay_id: UUID | None,
    place: str | None,
    level: int,
    at: datetime,
    urgency: Urgency = Urgency.NONE,
    department: str | None = None,
) -> bool:
    """Somebody follows up on a low score or rating, once an answer. Whether the case is new."""
    opening = Opening(
        ref=str(answer_id),
        guest_id=guest_id,
        reason=CaseReason.SCORE,
        source_id=answer_id,
        level=level,
        stay_id=stay_id,
        property=place,
        department=department,
        urgency=urgency,
    )
    return open_once(tx, opening, at)[1]
