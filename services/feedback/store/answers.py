"""Survey answers, one a stay, and what they were before they were changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.feedback import SurveyAnswered
from shared.rows import named_row
from shared.vocabulary.channel import Channel


@named_row
class Answer:
    """A row of the table."""

    answer_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    score: int
    comment: Sealed | None
    channel: Channel
    answered_at: datetime


def lock(tx: Tx, message_id: UUID, stay_id: UUID | None) -> None:
    """One answer at a time to the surveys of a stay."""
    tx.execute(LOCK, {"message_id": message_id, "stay_id": stay_id})


def given(tx: Tx, message_id: UUID, stay_id: UUID | None) -> Answer | None:
    """The answer to this survey, or to another one of the same stay."""
    found = tx.rows(Answer, GIVEN, {"message_id": message_id, "stay_id": stay_id})
    return found[0] if found else None


def add(tx: Tx, message_id: UUID, answer: SurveyAnswered) -> None:
    tx.execute(ADD, {**asdict(answer), "message_id": message_id})


def change(tx: Tx, answer: SurveyAnswered, score_before: int, by: str | None, at: datetime) -> None:
    """`by`: the colleague who changed it; None: the guest."""
    tx.execute(CHANGE, {**asdict(answer), "score_before": score_before, "by": by, "at": at})


LOCK = """
    select from message_known
    where message_id = %(message_id)s or stay_id = %(stay_id)s and purpose = 'feedback'
    order by message_id for update
"""
GIVEN = """
    select answer_id, version, guest_id, stay_id, property, score, comment_sealed as comment, channel, answered_at
    from survey_answer
    where message_id = %(message_id)s or stay_id = %(stay_id)s
    order by answered_at limit 1
"""
ADD = """
    insert into survey_answer
        (message_id, answer_id, version, guest_id, stay_id, property, score, comment_sealed, channel, answered_at)
    values
        (%(message_id)s, %(answer_id)s, %(version)s, %(guest_id)s, %(stay_id)s, %(property)s, %(score)s, %(comment)s,
         %(channel)s, %(answered_at)s)
"""
CHANGE = """
    with changed as (
        update survey_answer set version = %(version)s, score = %(score)s, comment_sealed = %(comment)s
        where answer_id = %(answer_id)s
    )
    insert into answer_change (answer_id, version, score_before, score, by_name, at)
    values (%(answer_id)s, %(version)s, %(score_before)s, %(score)s, %(by)s, %(at)s)
"""
