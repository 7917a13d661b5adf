"""Survey answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events.feedback import SurveyAnswered


@dataclass(frozen=True, kw_only=True)
class Answer:
    """As it stands. `version` counts the corrections."""

    answer_id: UUID
    version: int
    message_id: UUID
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    score: int
    channel: str
    answered_at: datetime


def add(
    tx: Tx, message_id: UUID, answer: SurveyAnswered, *, given_sealed: str | None = None, given_scale: int | None = None
) -> bool:
    """Whether the survey had no answer yet. `given_sealed`: the words the score was read from."""
    params = {**asdict(answer), "message_id": message_id, "given": given_sealed, "scale": given_scale}
    return tx.execute(ADD, params).rowcount == 1


def next_version(tx: Tx, message_id: UUID) -> int:
    """Of a new answer: greater than any that was published, where an earlier one was taken back."""
    found = tx.execute("select count(*) from score_correction where message_id = %s", [message_id]).fetchone()
    return 1 + 2 * (found[0] if found else 0)


def lock(tx: Tx, message_id: UUID) -> Answer | None:
    found = tx.rows(Answer, f"select {COLUMNS} from survey_answer where message_id = %s for update", [message_id])
    return found[0] if found else None


def correct(tx: Tx, message_id: UUID, score: int) -> None:
    tx.execute("update survey_answer set score = %s, version = version + 1 where message_id = %s", [score, message_id])


def take_back(tx: Tx, message_id: UUID) -> None:
    """The survey has no answer any more, nor has its guest answered it."""
    tx.execute(TAKE_BACK, {"message_id": message_id})


def note_correction(
    tx: Tx, correction_id: UUID, message_id: UUID, before: int | None, after: int | None, by: str, at: datetime
) -> None:
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
         given_scale, version)
    values
        (%(message_id)s, %(answer_id)s, %(guest_id)s, %(stay_id)s, %(property)s, %(score)s, %(comment)s, %(channel)s,
         %(answered_at)s, %(given)s, %(scale)s, %(version)s)
    on conflict do nothing
"""
COLUMNS = "answer_id, version, message_id, guest_id, stay_id, property, score, channel, answered_at"
TAKE_BACK = """
    with gone as (delete from survey_answer where message_id = %(message_id)s returning property, guest_id)
    update reach set answered_at = (
        select max(sent_at) from message_known as message join survey_answer using (message_id)
        where message.guest_id = gone.guest_id and message.property = gone.property
          and message_id <> %(message_id)s)
    from gone where reach.property = gone.property and reach.guest_id = gone.guest_id
"""
