"""The last voice of each guest, by hotel: of each month, and of all time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.database.pool import Tx
from shared.events.feedback import SurveyAnswered

ALL_TIME = date(9999, 12, 31)


def keep(tx: Tx, answer: SurveyAnswered, day: date) -> None:
    """`day`: of the answer, in the hotel's calendar."""
    month = day.replace(day=1)
    values = {
        "property": answer.property,
        "guest_id": answer.guest_id,
        "spans": [month, ALL_TIME],
        "days": [month, day],
        "score": answer.score,
        "answered_at": answer.answered_at,
        "answer_id": answer.answer_id,
    }
    tx.execute(LOCK, {"guest_id": answer.guest_id})
    tx.execute(KEEP, values)


def hand_on(tx: Tx, guests: Sequence[Any]) -> None:
    """Moves the voices of merged guests to the guests they were merged into."""
    tx.execute(HAND_ON, {"guests": list(guests)})


LOCK = "select from guest_known where guest_id = %(guest_id)s for share"  # a merge under way ends first
NEWER = """
    on conflict (property, span, guest_id) do update
    set day = excluded.day, score = excluded.score, answered_at = excluded.answered_at, answer_id = excluded.answer_id
    where excluded.answered_at > voice.answered_at
       or excluded.answered_at = voice.answered_at and excluded.answer_id < voice.answer_id
"""
KEEP = f"""
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id)
    select %(property)s, span, coalesce(into_guest_id, asked.guest_id), day, %(score)s, %(answered_at)s, %(answer_id)s
    from (values (%(guest_id)s::uuid)) as asked (guest_id)
    left join guest_known using (guest_id), unnest(%(spans)s::date[], %(days)s::date[]) as its (span, day)
    order by span
    {NEWER}
"""
HAND_ON = f"""
    with gone as (
        delete from voice using guest_known as guest
        where voice.guest_id = any(%(guests)s::uuid[]) and guest.guest_id = voice.guest_id
          and into_guest_id is not null
        returning voice.*, into_guest_id
    )
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id)
    select distinct on (property, span, into_guest_id)
           property, span, into_guest_id, day, score, answered_at, answer_id
    from gone order by property, span, into_guest_id, answered_at desc, answer_id
    {NEWER}
"""
