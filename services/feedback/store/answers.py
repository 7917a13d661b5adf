"""Survey answers, one to all surveys of a stay."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.feedback import SurveyAnswered
from shared.vocabulary.answer import AnswerWay


@dataclass(frozen=True, kw_only=True)
class Answer:
    """As it stands. `version` counts the changes and corrections."""

    answer_id: UUID
    version: int
    message_id: UUID
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    score: int
    comment: Sealed | None
    channel: str
    answered_at: datetime


def add(
    tx: Tx,
    message_id: UUID,
    answer: SurveyAnswered,
    day: date | None,
    *,
    given_sealed: str | None = None,
    given_scale: int | None = None,
    entered_by: str | None = None,
) -> bool:
    """Whether the survey had no answer yet. `day`: in the hotel's calendar; `given_sealed`: the words the score was
    read from."""
    params = {**asdict(answer), "message_id": message_id, "day": day, "given": given_sealed, "scale": given_scale}
    params |= {"by": entered_by, "channel": AnswerWay.BY_HAND if answer.by_hand else answer.channel}
    return tx.execute(ADD, params).rowcount == 1


def next_version(tx: Tx, message_id: UUID) -> int:
    """Of a new answer: greater than any that was published, where an earlier one was taken back."""
    found = tx.execute("select count(*) from score_correction where message_id = %s", [message_id]).fetchone()
    return 1 + 2 * (found[0] if found else 0)


def lock(tx: Tx, message_id: UUID, stay_id: UUID | None) -> Answer | None:
    """The answer to this survey, or to another one of the same stay; whoever else would give one waits."""
    values = {"message_id": message_id, "stay_id": stay_id}
    tx.execute(LOCK, values)
    found = tx.rows(Answer, GIVEN, values)
    return found[0] if found else None


def correct(tx: Tx, message_id: UUID, score: int) -> None:
    tx.execute("update survey_answer set score = %s, version = version + 1 where message_id = %s", [score, message_id])


def change(tx: Tx, message_id: UUID, score: int, comment: Sealed | None, given: str | None, scale: int | None) -> None:
    """As its guest gives it now."""
    tx.execute(CHANGE, {"message_id": message_id, "score": score, "comment": comment, "given": given, "scale": scale})


def take_back(tx: Tx, message_id: UUID) -> None:
    """The survey has no answer any more, nor has its guest answered it."""
    tx.execute(TAKE_BACK, {"message_id": message_id})


def note_correction(
    tx: Tx, correction_id: UUID, message_id: UUID, before: int | None, after: int | None, by: str | None, at: datetime
) -> None:
    """`by`: None where the guest changed it."""
    tx.execute(
        """
        insert into score_correction (correction_id, message_id, before, after, by_name, at)
        values (%s, %s, %s, %s, %s, %s)
        """,
        [correction_id, message_id, before, after, by, at],
    )


ADD = """
    insert into survey_answer
        (message_id, answer_id, guest_id, stay_id, property, score, comment_sealed, channel, answered_at, given_sealed,
         given_scale, version, entered_by, day)
    values
        (%(message_id)s, %(answer_id)s, %(guest_id)s, %(stay_id)s, %(property)s, %(score)s, %(comment)s, %(channel)s,
         %(answered_at)s, %(given)s, %(scale)s, %(version)s, %(by)s, %(day)s)
    on conflict do nothing
"""
LOCK = """
    select from message_known
    where message_id = %(message_id)s or stay_id = %(stay_id)s and purpose = 'feedback'
    order by message_id for update
"""
GIVEN = """
    select answer_id, version, message_id, guest_id, stay_id, property, score, comment_sealed as comment, channel,
           answered_at
    from survey_answer
    where message_id = %(message_id)s or stay_id = %(stay_id)s
    order by answered_at limit 1 for update
"""
CHANGE = """
    update survey_answer
    set version = version + 1, score = %(score)s, comment_sealed = %(comment)s, given_sealed = %(given)s,
        given_scale = %(scale)s
    where message_id = %(message_id)s
"""
TAKE_BACK = """
    with gone as (delete from survey_answer where message_id = %(message_id)s returning property, guest_id)
    update reach set answered_at = (
        select max(sent_at) from message_known as message join survey_answer using (message_id)
        where message.guest_id = gone.guest_id and message.property = gone.property
          and message_id <> %(message_id)s)
    from gone where reach.property = gone.property and reach.guest_id = gone.guest_id
"""
