"""What feedback republishes where a subscriber must be filled anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.feedback.store.heard.told import TOPICS
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.feedback import AnswerUnderstood, SurveyAnswered
from shared.vocabulary.answer import AnswerWay

FIRST = UUID(int=0)


def all_answers(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next answers by id, as they stand; those that were taken back are none any more."""
    rows = tx.execute(ANSWERS, [after[0] if after else FIRST, most])
    return chunk_of_rows(SurveyAnswered, [_told(*row) for row in rows])


def _told(
    answer_id: UUID, version: int, guest: UUID, stay: UUID | None, hotel: str | None, score: int, *rest: Any
) -> tuple[object, ...]:
    comment, way, answered_at, message = rest
    sealed = Sealed(comment) if comment else None
    by_hand = way == AnswerWay.BY_HAND
    return (
        answer_id,
        version,
        guest,
        stay,
        hotel,
        score,
        sealed,
        AnswerWay(way).channel,
        answered_at,
        False,
        by_hand,
        message,
    )


def all_understood(tx: Tx, after: tuple[Any, ...] | None, most: int) -> Chunk:
    """The next answers by id, by what their words speak of."""
    rows = tx.execute(UNDERSTOOD, [after[0] if after else FIRST, most])
    return chunk_of_rows(AnswerUnderstood, rows.fetchall())


UNDERSTOOD = f"""
    select text_id, heard.version, guest_id, answer.property, {TOPICS}, heard.said_at, answer.score, answer.stay_id,
        answer.answered_at
    from heard_text heard join survey_answer answer on answer.answer_id = heard.text_id
    where kind = 'comment' and text_id > %s order by text_id limit %s
"""
ANSWERS = """
    select answer_id, version, guest_id, stay_id, property, score, comment_sealed, channel, answered_at, message_id
    from survey_answer where answer_id > %s order by answer_id limit %s
"""
