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


def count_anew(tx: Tx, guests: Sequence[Any]) -> None:
    """The voices of these guests, and of all who are one with any of them, from their answers."""
    tx.execute(LOCK_ALL, {"guests": list(guests)})
    for statement in COUNT_ANEW:
        tx.execute(statement, {"guests": list(guests), "all_time": ALL_TIME})


def hand_on(tx: Tx, guests: Sequence[Any]) -> None:
    """Moves the voices of merged guests to the guests they were merged into."""
    tx.execute(HAND_ON, {"guests": list(guests)})


LOCK = "select from guest_known where guest_id = %(guest_id)s for share"  # a merge under way ends first
NEWER = """
    on conflict (property, span, guest_id) do update
    set day = excluded.day, score = excluded.score, answered_at = excluded.answered_at, answer_id = excluded.answer_id,
        language = excluded.language
    where excluded.answered_at > voice.answered_at
       or excluded.answered_at = voice.answered_at and excluded.answer_id < voice.answer_id
"""
KEEP = f"""
    with recursive became as (
        select %(guest_id)s::uuid as guest_id, 0 as merges
        union
        select into_guest_id, merges + 1 from became join guest_known using (guest_id)
        where into_guest_id is not null and merges < 100
    )
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language)
    select %(property)s, span, who.guest_id, day, %(score)s, %(answered_at)s, %(answer_id)s, coalesce(language, '')
    from unnest(%(spans)s::date[], %(days)s::date[]) as its (span, day)
    cross join (select guest_id from became order by merges desc limit 1) as who
    left join guest_known as guest on guest.guest_id = who.guest_id
    order by span
    {NEWER}
"""
# Of each of these guests whoever they became, and with them all who became the same.
GROUPS = """
    with recursive above as (
        select asked as guest_id from unnest(%(guests)s::uuid[]) as asked
        union
        select into_guest_id from above join guest_known using (guest_id) where into_guest_id is not null
    ), root as (
        select guest_id from above
        where not exists (select from guest_known g where g.guest_id = above.guest_id and into_guest_id is not null)
    ), member as (
        select guest_id as root, guest_id from root
        union
        select root, other.guest_id from member join guest_known as other on other.into_guest_id = member.guest_id
    )
"""
LOCK_ALL = "select from guest_known where guest_id = any(%(guests)s::uuid[]) order by guest_id for update"
COUNT_ANEW = (
    f"{GROUPS} delete from voice where guest_id in (select guest_id from member)",
    f"""
    {GROUPS}
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language)
    select distinct on (answer.property, its.span, root) answer.property, its.span, root,
           case when its.span = %(all_time)s then local else its.span end, score, answered_at, answer_id,
           coalesce(whose.language, '')
    from member join survey_answer as answer using (guest_id)
    left join guest_known as whose on whose.guest_id = root
    left join property_known as hotel on hotel.code = answer.property
    cross join lateral (select (answered_at at time zone coalesce(hotel.zone, 'UTC'))::date as local) as here
    cross join lateral (values (date_trunc('month', local)::date), (%(all_time)s::date)) as its (span)
    where answer.property is not null
    order by answer.property, its.span, root, answered_at desc, answer_id
    """,
)
HAND_ON = f"""
    with gone as (
        delete from voice using guest_known as guest
        where voice.guest_id = any(%(guests)s::uuid[]) and guest.guest_id = voice.guest_id
          and into_guest_id is not null
        returning voice.*, into_guest_id
    )
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language)
    select distinct on (property, span, into_guest_id)
           property, span, into_guest_id, day, score, answered_at, answer_id, language
    from gone order by property, span, into_guest_id, answered_at desc, answer_id
    {NEWER}
"""
