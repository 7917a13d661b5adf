"""Others are told what the words of answers speak of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.feedback.store.answers import Answer
from services.feedback.store.heard import told
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of, chunk_of_rows
from shared.events.feedback import AnswerUnderstood, SurveyAnswered


def tell_understood(tx: Tx, texts: Sequence[UUID], at: datetime) -> None:
    """Of those of these texts that are words of answers. Publishes answer.understood."""
    rows = told.next_versions(tx, texts, at)
    if rows:
        publish(tx, chunk_of_rows(AnswerUnderstood, rows), at=at)


def tell_taken_back(tx: Tx, answer: SurveyAnswered | Answer, at: datetime) -> None:
    """Its words are none any more."""
    gone = AnswerUnderstood(
        answer_id=answer.answer_id,
        version=told.version_at(at),
        guest_id=answer.guest_id,
        property=answer.property,
        topics={},
        understood_at=at,
    )
    publish(tx, chunk_of([gone]), at=at)
