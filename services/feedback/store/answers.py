"""Survey answers."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from shared.database.pool import Tx
from shared.events.feedback import SurveyAnswered


def add(tx: Tx, message_id: UUID, answer: SurveyAnswered) -> bool:
    """Whether the survey had no answer yet."""
    return tx.execute(ADD, {**asdict(answer), "message_id": message_id}).rowcount == 1


ADD = """
    insert into survey_answer
        (message_id, answer_id, guest_id, stay_id, property, score, comment_sealed, channel, answered_at)
    values
        (%(message_id)s, %(answer_id)s, %(guest_id)s, %(stay_id)s, %(property)s, %(score)s, %(comment)s, %(channel)s,
         %(answered_at)s)
    on conflict do nothing
"""
