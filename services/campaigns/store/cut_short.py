"""How far enrolments had come that were ended because the guest was merged away, or the stay became another's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


def keep(tx: Tx, enrolments: Collection[UUID]) -> None:
    """Before they are ended. A message that is asked for and has not gone is taken back with them: they had come to its
    step."""
    tx.execute(KEEP, {"ids": list(enrolments)})


def resume(tx: Tx, guest_id: UUID, params: Mapping[str, Any]) -> None:
    """The enrolments of a guest who was merged go on where they were, in journeys that still run. So do, as the guest's
    own, those that whoever they had become entered with one of their stays.

    `params`: stays (the guest's), twins (those enrolments), ids (for each the guest's), at.
    """
    values = {**params, "guest": guest_id}
    tx.execute(TAKE_OVER, values)
    tx.execute(MESSAGES, values)
    tx.execute(RESUME, values)


def twins(tx: Tx, guest_id: UUID, stays: Collection[str], since: datetime | str) -> list[UUID]:
    """Enrolments that whoever a guest had become entered with one of the guest's stays, since the merge."""
    query = """
        select id from enrolment where guest_id = %s and stay_id = any(%s::uuid[]) and changed_at >= %s order by id
    """
    return [id for (id,) in tx.execute(query, [guest_id, list(stays), since])]


KEEP = """
    insert into cut_short (enrolment_id, step, due_at, plan, awaits, awaits_since, data)
    select enrolment.id, coalesce(asked.step, enrolment.step), coalesce(asked.due_at, enrolment.due_at),
           plan + 1, case when asked.step is null then awaits end, case when asked.step is null then awaits_since end,
           data
    from enrolment left join lateral (
        select step, due_at from message
        where enrolment_id = enrolment.id and withdrawn_at is null and settled_at is null order by due_at, id limit 1
    ) as asked on true
    where enrolment.id = any(%(ids)s::uuid[]) and (state in ('waiting', 'paused') or asked.step is not null)
    on conflict (enrolment_id) do update
    set step = excluded.step, due_at = excluded.due_at, plan = excluded.plan, awaits = excluded.awaits,
        awaits_since = excluded.awaits_since, data = excluded.data
"""
# A row of the guest for each that was entered for them in the meantime; what is there of the same occasion gives way.
TAKE_OVER = """
    insert into enrolment as own (id, journey, version, guest_id, occurrence, plan, step, state, reason, lane, due_at,
                                  entered_at, zone, property, stay_id, data, changed_at)
    select coalesce(mine.id, gen.id), twin.journey, twin.version, %(guest)s, twin.occurrence,
           coalesce(cut_short.plan, twin.plan), coalesce(cut_short.step, twin.step),
           case when cut_short.enrolment_id is null and twin.state = 'done' then 'done' else 'exited' end,
           case when cut_short.enrolment_id is not null then 'merged' when twin.state = 'exited' then twin.reason end,
           twin.lane, null, twin.entered_at, twin.zone, twin.property, twin.stay_id, twin.data, %(at)s
    from enrolment as twin
    join unnest(%(twins)s::uuid[], %(ids)s::uuid[]) as gen (twin, id) on gen.twin = twin.id
    left join cut_short on cut_short.enrolment_id = twin.id
    left join enrolment as mine on (mine.guest_id, mine.journey, mine.occurrence)
        = (%(guest)s, twin.journey, twin.occurrence)
    order by twin.id
    on conflict (id) do update
    set plan = greatest(own.plan, excluded.plan), step = excluded.step, state = excluded.state,
        reason = excluded.reason, due_at = null, awaits = null, awaits_since = null, stay_id = excluded.stay_id,
        changed_at = excluded.changed_at
"""
MESSAGES = """
    update message set enrolment_id = own.id
    from enrolment as twin join enrolment as own on (own.journey, own.occurrence) = (twin.journey, twin.occurrence)
    where twin.id = any(%(twins)s::uuid[]) and own.guest_id = %(guest)s and message.enrolment_id = twin.id
      and message.settled_at is not null
      and not exists (select from message as there
                      where there.enrolment_id = own.id and there.step = message.step and there.withdrawn_at is null)
"""
RESUME = """
    with resumed as (
        update enrolment as own
        set state = case journey.state when 'paused' then 'paused' else 'waiting' end, reason = null,
            step = cut_short.step, due_at = cut_short.due_at, plan = greatest(own.plan, cut_short.plan),
            awaits = cut_short.awaits, awaits_since = cut_short.awaits_since, data = cut_short.data,
            changed_at = %(at)s
        from cut_short join enrolment as was on was.id = cut_short.enrolment_id
        join journey on journey.key = was.journey
        where own.guest_id = %(guest)s and own.reason = 'merged' and own.state = 'exited'
          and (own.journey, own.occurrence) = (was.journey, was.occurrence)
          and (own.stay_id is null or own.stay_id = any(%(stays)s::uuid[]))
          and (was.id = any(%(twins)s::uuid[]) or was.id = own.id and not exists (
                select from enrolment as twin where twin.id = any(%(twins)s::uuid[])
                and (twin.journey, twin.occurrence) = (own.journey, own.occurrence)))
          and cut_short.due_at is not null and journey.state in ('live', 'paused')
        returning was.id
    )
    delete from cut_short where enrolment_id in (select id from enrolment where guest_id = %(guest)s)
        or enrolment_id = any(%(twins)s::uuid[])
"""
