"""The last voice of each guest, by hotel: of each month, and of all time.

It knows the room type of the stay it is about and, once segments has published them, the segments its guest was in.
"""

from __future__ import annotations

import json
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
        "stay_id": answer.stay_id,
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


def follow_rooms(tx: Tx, stays: Sequence[Any]) -> None:
    """Voices about these stays count for the room types that the stays have now."""
    tx.execute(FOLLOW_ROOMS, {"stays": list(stays)})


def attribute(tx: Tx, answers: Sequence[Any], segments: Sequence[Sequence[str]]) -> None:
    """`segments`: by answer those that its guest was in."""
    params = {"answers": list(answers), "segments": [json.dumps(each) for each in segments]}
    for statement in ATTRIBUTE:
        tx.execute(statement, params)


LOCK = "select from guest_known where guest_id = %(guest_id)s for share"  # a merge under way ends first
NEWER = """
    on conflict (property, span, guest_id) do update
    set day = excluded.day, score = excluded.score, answered_at = excluded.answered_at, answer_id = excluded.answer_id,
        language = excluded.language, room_type = excluded.room_type, segments = excluded.segments
    where excluded.answered_at > voice.answered_at
       or excluded.answered_at = voice.answered_at and excluded.answer_id < voice.answer_id
"""
KEEP = f"""
    with recursive became as (
        select %(guest_id)s::uuid as guest_id, 0 as merges
        union
        select into_guest_id, merges + 1 from became join guest_known using (guest_id)
        where into_guest_id is not null and merges < 100
    ), stay as (
        select room_type from stay_known where stay_id = %(stay_id)s for share  -- its change under way ends first
    )
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language, room_type)
    select %(property)s, span, who.guest_id, day, %(score)s, %(answered_at)s, %(answer_id)s, coalesce(language, ''),
           coalesce((select room_type from stay), '')
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
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language, room_type, segments)
    select distinct on (answer.property, its.span, root) answer.property, its.span, root,
           case when its.span = %(all_time)s then local else its.span end, score, answered_at, answer_id,
           coalesce(whose.language, ''), coalesce(stay.room_type, ''), answer.segments
    from member join survey_answer as answer using (guest_id)
    left join guest_known as whose on whose.guest_id = root
    left join stay_known as stay on stay.stay_id = answer.stay_id
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
    insert into voice (property, span, guest_id, day, score, answered_at, answer_id, language, room_type, segments)
    select distinct on (property, span, into_guest_id)
           property, span, into_guest_id, day, score, answered_at, answer_id, language, room_type, segments
    from gone order by property, span, into_guest_id, answered_at desc, answer_id
    {NEWER}
"""
FOLLOW_ROOMS = """
    with moved as (
        select voice.property, voice.span, voice.guest_id, stay.room_type
        from stay_known as stay
        join survey_answer as answer on answer.stay_id = stay.stay_id
        join voice using (answer_id)
        where stay.stay_id = any(%(stays)s::uuid[]) and voice.room_type <> stay.room_type
        order by voice.property, voice.span, voice.guest_id for update of voice
    )
    update voice set room_type = moved.room_type from moved
    where (voice.property, voice.span, voice.guest_id) = (moved.property, moved.span, moved.guest_id)
"""
SAID = """
    select answer_id, array(select jsonb_array_elements_text(its)) as segments
    from unnest(%(answers)s::uuid[], %(segments)s::jsonb[]) as told (answer_id, its)
"""
ATTRIBUTE = (
    f"""
    with said as ({SAID}), known as (
        select message_id, said.segments from survey_answer as answer join said using (answer_id)
        where answer.segments is distinct from said.segments order by message_id for update of answer
    )
    update survey_answer as answer set segments = known.segments from known where answer.message_id = known.message_id
    """,
    f"""
    with said as ({SAID}), moved as (
        select property, span, guest_id, said.segments from voice join said using (answer_id)
        where voice.segments is distinct from said.segments
        order by property, span, guest_id for update of voice
    )
    update voice set segments = moved.segments from moved
    where (voice.property, voice.span, voice.guest_id) = (moved.property, moved.span, moved.guest_id)
    """,
)
