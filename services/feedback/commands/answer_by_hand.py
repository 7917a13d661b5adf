"""Somebody of the hotel enters what a guest answered on paper or by word: the one answer of a stay, as by a survey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed, change, count_in, look_after
from services.feedback.commands.heard.telling import tell_taken_back
from services.feedback.rules.asking.surveys import closes_at, final_from
from services.feedback.rules.cases import HIGHEST, LOWEST
from services.feedback.store import answers, stays
from services.feedback.store.guests import erased_among
from services.feedback.store.heard import texts
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.events import chunk_of
from shared.events.feedback import SurveyAnswered
from shared.ids import make_id
from shared.vocabulary.answer import AnswerWay


class NoStay(NotFound):
    """There is no such stay here."""


@dataclass(frozen=True)
class HandAnswer:
    """`said_on`: when the guest said it, which is not later than it is entered."""

    stay_id: UUID
    score: int
    comment: str | None
    said_at: datetime
    by: str


def answer_by_hand(tx: Tx, given: HandAnswer, at: datetime) -> UUID:
    """Stores the answer; a low score and words that cannot wait are looked after as those of a survey.

    What a guest answered themselves is not replaced; what was entered by hand may be, for as long as a guest could
    change theirs. Publishes survey.answered. Raises `InputError`, `NoStay`, `AnsweredBefore`, `SurveyClosed`.
    """
    if not LOWEST <= given.score <= HIGHEST:
        raise InputError(problems={"score": f"a whole number from {LOWEST} to {HIGHEST} is expected"})
    stay = stays.lock(tx, given.stay_id)
    if stay is None or erased_among(tx, [stay.guest_id]):
        raise NoStay()
    if at >= closes_at(stay.left_at()):
        raise SurveyClosed()
    message_id = make_id("answer by hand", given.stay_id)  # stands for the survey that there was not
    before = answers.lock(tx, message_id, given.stay_id)
    sealed = tx.keyring.seal(given.comment, Sealing.WORDS) if given.comment else None
    if (before and before.message_id != message_id) or (before and at >= final_from(before.answered_at)):
        raise AnsweredBefore()
    if before:
        is_said = _words(tx, before) == (given.comment or "")
        if is_said and before.score == given.score:
            return before.answer_id
        answer = change(tx, before, given.score, sealed, at, by=given.by)
    else:
        is_said = False
        answer = _first(tx, given, stay, message_id, sealed)
        count_in(tx, message_id, answer, by=given.by)
    publish(tx, chunk_of([answer], republished=before is not None), at=at)
    if not given.comment:
        texts.forget(tx, answer.answer_id)
        tell_taken_back(tx, answer, at)
    look_after(tx, answer, None if is_said else given.comment, at)
    return answer.answer_id


def _first(tx: Tx, given: HandAnswer, stay: stays.Stay, message_id: UUID, comment: Sealed | None) -> SurveyAnswered:
    return SurveyAnswered(
        answer_id=make_id("answer", message_id),
        version=answers.next_version(tx, message_id),
        guest_id=stay.guest_id,
        stay_id=stay.stay_id,
        property=stay.property,
        score=given.score,
        comment=comment,
        channel=AnswerWay.BY_HAND.channel,
        answered_at=given.said_at,
        by_hand=True,
        message_id=message_id,
    )


def _words(tx: Tx, answer: answers.Answer) -> str:
    return tx.keyring.open(answer.comment, Sealing.WORDS) if answer.comment else ""
