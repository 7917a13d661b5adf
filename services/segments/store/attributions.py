"""In which segments a guest was when they answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of_rows
from shared.events.segments.audiences import AnswerAttributed


def attribute(tx: Tx, answers: Sequence[UUID]) -> None:
    """Keeps with each answer the segments its guest was in at that instant: those of now, with what changed since
    taken back by the log. A segment that did not exist then holds nobody."""
    tx.execute(ATTRIBUTE, {"answers": list(answers)})


def attributions(tx: Tx, answers: Sequence[UUID]) -> Chunk:
    """Of these answers, where they count and it is kept."""
    return chunk_of_rows(
        AnswerAttributed, tx.execute(f"{TOLD} and answer_id = any(%s) {ORDER}", [list(answers)]).fetchall()
    )


def attributions_after(tx: Tx, after: Any, most: int) -> Chunk:
    """The next ones by answer."""
    rows = tx.execute(f"{TOLD} and answer_id > %s {ORDER} limit %s", [after, most]).fetchall()
    return chunk_of_rows(AnswerAttributed, rows)


ATTRIBUTE = """
    update answer_known as answer
    set segments = array(
        select number from segment
        where created_at <= answer.answered_at and coalesce(
            (select not first.entered from membership_change as first
             where first.guest_id = who.id and first.segment = number and first.at > answer.answered_at
             order by version limit 1),
            number = any (now.segments), false)
        order by number)
    from (select answer_id, coalesce(guest.merged_into, asked.guest_id) as id
          from answer_known as asked left join guest on guest.id = asked.guest_id
          where answer_id = any(%(answers)s::uuid[]) offset 0) as who
    left join membership as now on now.guest_id = who.id
    where answer.answer_id = who.answer_id
"""
TOLD = """
    select answer_id, version, guest_id,
           array(select key from segment where number = any (segments) and not private order by key), answered_at
    from answer_known where segments is not null and not void
"""
ORDER = "order by answer_id"
