"""A guest answers a survey."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.cases.urgent import take_urgent_words
from services.feedback.rules.cases import HIGHEST, LOWEST, level_of
from services.feedback.rules.urgent import Urgency, urgency_of
from services.feedback.store import answers, guests, messages, voices
from services.feedback.store.properties import survey_threshold, zone_of
from services.feedback.understanding import Score
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
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
    """This survey has been answered. Thank you!"""


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
) -> UUID:
    """Stores the one answer to a survey that was sent; a score at or below the threshold opens a follow-up.

    `score`: 0 to 10; `given`: as the guest wrote it, where it was read from their words, which are kept.
    Of a guest who is erased the score alone is kept, as a figure of the hotel. Publishes survey.answered. Raises
    `InputError`, `NoSurvey`, `AnsweredBefore`.
    """
    if not LOWEST <= score <= HIGHEST:
        raise InputError(problems={"score": f"a whole number from {LOWEST} to {HIGHEST} is expected"})
    message = messages.find(tx, message_id)
    if message is None or message.purpose != Purpose.FEEDBACK:
        raise NoSurvey()
    is_erased = bool(guests.erased_among(tx, [message.guest_id]))
    answer = SurveyAnswered(
        answer_id=make_id("answer", message_id),
        version=answers.next_version(tx, message_id),
        guest_id=message.guest_id,
        stay_id=message.stay_id,
        property=message.property,
        score=score,
        comment=tx.keyring.seal(comment, Sealing.WORDS) if comment and not is_erased else None,
        channel=channel,
        answered_at=at,
    )
    words = tx.keyring.seal(given.words, Sealing.WORDS) if given and not is_erased else None
    if not answers.add(tx, message_id, answer, given_sealed=words, given_scale=given.scale if given else None):
        raise AnsweredBefore()
    if answer.property:
        voices.keep(tx, answer, local_date(at, zone_of(tx, answer.property)))
    if is_erased:
        return answer.answer_id
    publish(tx, chunk_of([answer]), at=at)
    level = level_of(score, survey_threshold(tx, message.property))
    if level is not None:
        stay_id, place, urgency = message.stay_id, message.property, urgency_of(comment)
        open_follow_up(tx, answer.answer_id, message.guest_id, stay_id, place, level, at, urgency)
    else:
        take_urgent_words(
            tx, answer.answer_id, comment, answer.guest_id, at, stay_id=answer.stay_id, hotel=answer.property
        )
    return answer.answer_id


def open_follow_up(
    tx: Tx,
    answer_id: UUID,
    guest_id: UUID,
    stay_id: UUID | None,
    place: str | None,
    level: int,
    at: datetime,
    urgency: Urgency = Urgency.NONE,
) -> None:
    """Somebody follows up on a low score, once an answer."""
    opening = Opening(
        ref=str(answer_id),
        guest_id=guest_id,
        reason=CaseReason.SCORE,
        source_id=answer_id,
        level=level,
        stay_id=stay_id,
        property=place,
        urgency=urgency,
    )
    open_case(tx, opening, at)
