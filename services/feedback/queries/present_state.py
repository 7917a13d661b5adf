"""What feedback republishes where a subscriber must be filled anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.feedback import SurveyAnswered
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


ANSWERS = """
    select answer_id, version, guest_id, stay_id, property, score, comment_sealed, channel, answered_at, message_id
    from survey_answer where answer_id > %s order by answer_id limit %s
"""
