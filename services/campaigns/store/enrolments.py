"""Enrolments: locked together with what was asked for them, started and stopped in sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from services.campaigns.rules.enrolments import Enrolment, State
from services.campaigns.rules.entries import Entrance
from services.campaigns.rules.planning import Planned
from services.campaigns.store.messages import asked_for
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.reason import Reason


@dataclass(frozen=True)
class EnrolmentRow:
    id: UUID
    journey: str
    version: int
    guest_id: UUID
    occurrence: str
    plan: int
    state: str
    reason: str | None
    entered_at: datetime
    stay_id: UUID | None
    day: date | None


COLUMNS = """
    id, journey, version, guest_id, occurrence, plan, state, reason, entered_at, stay_id,
    coalesce(data ->> 'birthday', data ->> 'lunar-birthday', data ->> 'first-stay', data ->> 'kept')::date as day
"""


def enrolment_id(entrance: Entrance) -> UUID:
    return make_id("enrolment", entrance.live.key, entrance.guest_id, entrance.occurrence)


def lock_of_guests(tx: Tx, guests: Sequence[UUID], journeys: Sequence[str] | None = None) -> list[Enrolment]:
    """Every enrolment of these guests (in these journeys, where some are named)."""
    query = f"""
        select {COLUMNS} from enrolment
        where guest_id = any(%s) and (%s::text[] is null or journey = any(%s))
        order by id for update
    """
    return _with_messages(tx, tx.rows(EnrolmentRow, query, [list(guests), journeys, journeys]))


def lock_of_stays(tx: Tx, stays: Sequence[UUID], journeys: Sequence[str]) -> list[Enrolment]:
    query = f"select {COLUMNS} from enrolment where stay_id = any(%s) and journey = any(%s) order by id for update"
    return _with_messages(tx, tx.rows(EnrolmentRow, query, [list(stays), list(journeys)]))


def lock_of_guests_and_stays(
    tx: Tx, guests: Sequence[UUID], stays: Sequence[UUID], journeys: Sequence[str]
) -> list[Enrolment]:
    """Those of these guests, and those of these stays, whose ever they were."""
    query = f"""
        select {COLUMNS} from enrolment
        where id in (
            select id from enrolment where guest_id = any(%s) union select id from enrolment where stay_id = any(%s)
        ) and journey = any(%s)
        order by id for update
    """
    return _with_messages(tx, tx.rows(EnrolmentRow, query, [list(guests), list(stays), list(journeys)]))


def lock_of_journey(tx: Tx, journey: str) -> list[Enrolment]:
    query = f"select {COLUMNS} from enrolment where journey = %s order by id for update"
    return _with_messages(tx, tx.rows(EnrolmentRow, query, [journey]))


def lock_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Enrolment]:
    query = f"select {COLUMNS} from enrolment where id = any(%s) order by id for update"
    return _with_messages(tx, tx.rows(EnrolmentRow, query, [list(ids)]))


def _with_messages(tx: Tx, rows: list[EnrolmentRow]) -> list[Enrolment]:
    # A statement of its own: what another transaction asked for while these locks were waited for is seen here.
    asked = asked_for(tx, [row.id for row in rows]) if rows else {}
    found = []
    for row in rows:
        messages = asked.get(row.id, [])
        found.append(
            Enrolment(
                id=row.id,
                journey=row.journey,
                version=row.version,
                guest_id=row.guest_id,
                occurrence=row.occurrence,
                plan=row.plan,
                state=State(row.state),
                reason=row.reason,
                entered_at=row.entered_at,
                stay_id=row.stay_id,
                day=row.day,
                open=tuple(message for message, settled in messages if not settled),
                settled=any(settled for _, settled in messages),
            )
        )
    return found


def start(tx: Tx, starts: Sequence[tuple[Entrance, Planned]], at: datetime) -> list[tuple[Entrance, Planned]]:
    """Enrol, or plan anew, all of them; those who were. An ended guest is let in nowhere, a greater plan stays."""
    if not starts:
        return []
    rows = [(enrolment_id(entrance), entrance, planned) for entrance, planned in _greatest(starts)]
    rows.sort(key=lambda row: row[0].int)  # rows are locked in the same order everywhere
    columns: dict[str, Any] = {
        "id": [id_ for id_, _, _ in rows],
        "journey": [entrance.live.key for _, entrance, _ in rows],
        "version": [entrance.live.version for _, entrance, _ in rows],
        "guest_id": [entrance.guest_id for _, entrance, _ in rows],
        "occurrence": [entrance.occurrence for _, entrance, _ in rows],
        "plan": [entrance.plan for _, entrance, _ in rows],
        "step": [entrance.live.journey.steps[planned.place or 0].key for _, entrance, planned in rows],
        "state": [_state(entrance, planned) for _, entrance, planned in rows],
        "reason": [planned.refused for _, _, planned in rows],
        "lane": [entrance.live.journey.lane for _, entrance, _ in rows],
        "due_at": [None if planned.refused else planned.due for _, _, planned in rows],
        "entered_at": [entrance.at for _, entrance, _ in rows],
        "zone": [entrance.zone for _, entrance, _ in rows],
        "property": [entrance.property for _, entrance, _ in rows],
        "stay_id": [entrance.stay_id for _, entrance, _ in rows],
        "data": [orjson.dumps(entrance.data).decode() for _, entrance, _ in rows],
        "from_step": [entrance.live.journey.steps[0].key for _, entrance, _ in rows],
        "from_at": [entrance.start for _, entrance, _ in rows],
        "told": [has_come(entrance, planned, at) for _, entrance, planned in rows],
        "at": at,
    }
    started = {id_ for (id_,) in tx.execute(START, columns)}
    return [(entrance, planned) for id_, entrance, planned in rows if id_ in started]


def has_come(entrance: Entrance, planned: Planned, at: datetime) -> bool:
    """Whether they are in now: by the date of a stay they are known before."""
    return planned.refused is None and entrance.at <= at


def _state(entrance: Entrance, planned: Planned) -> State:
    if planned.refused:
        return State.EXITED
    return State.PAUSED if entrance.live.paused else State.WAITING


def _greatest(starts: Sequence[tuple[Entrance, Planned]]) -> list[tuple[Entrance, Planned]]:
    chosen: dict[tuple[str, UUID, str], tuple[Entrance, Planned]] = {}
    for entrance, planned in starts:
        key = (entrance.live.key, entrance.guest_id, entrance.occurrence)
        if key not in chosen or chosen[key][0].plan < entrance.plan:
            chosen[key] = (entrance, planned)
    return list(chosen.values())


START = """
    insert into enrolment (id, journey, version, guest_id, occurrence, plan, step, state, reason, lane, due_at,
                           entered_at, zone, property, stay_id, data, from_step, from_at, told, changed_at)
    select new.*, %(at)s
    from unnest(%(id)s::uuid[], %(journey)s::text[], %(version)s::int[], %(guest_id)s::uuid[], %(occurrence)s::text[],
                %(plan)s::bigint[], %(step)s::text[], %(state)s::text[], %(reason)s::text[], %(lane)s::text[],
                %(due_at)s::timestamptz[], %(entered_at)s::timestamptz[], %(zone)s::text[], %(property)s::text[],
                %(stay_id)s::uuid[], %(data)s::jsonb[], %(from_step)s::text[], %(from_at)s::timestamptz[],
                %(told)s::boolean[])
         as new (id, journey, version, guest_id, occurrence, plan, step, state, reason, lane, due_at, entered_at,
                 zone, property, stay_id, data, from_step, from_at, told)
    where not exists (select from guest_known known where known.guest_id = new.guest_id and known.ended is not null)
    on conflict (id) do update
    set version = excluded.version, plan = excluded.plan, step = excluded.step, state = excluded.state,
        reason = excluded.reason, due_at = excluded.due_at, entered_at = excluded.entered_at, zone = excluded.zone,
        property = excluded.property, stay_id = excluded.stay_id, data = excluded.data, offers = '{}', awaits = null,
        awaits_since = null, from_step = excluded.from_step, from_at = excluded.from_at,
        told = excluded.told, changed_at = excluded.changed_at
    where enrolment.plan < excluded.plan
        and (enrolment.stay_id = excluded.stay_id or num_nulls(enrolment.stay_id, excluded.stay_id) > 0)
    returning id
"""


def crowded_out(tx: Tx, entrances: Sequence[Entrance]) -> list[Entrance]:
    """Those of a stay whose occurrence is another stay's."""
    known = dict(
        tx.execute(
            "select id, stay_id from enrolment where id = any(%s) and stay_id is not null",
            [[enrolment_id(entrance) for entrance in entrances if entrance.stay_id]],
        ).fetchall()
    )
    return [one for one in entrances if one.stay_id and known.get(enrolment_id(one), one.stay_id) != one.stay_id]


def stop(tx: Tx, reasons: dict[UUID, str], at: datetime) -> None:
    if reasons:
        tx.execute(
            """
            update enrolment
            set state = 'exited', reason = new.reason, due_at = null, awaits = null, awaits_since = null,
                changed_at = %s
            from unnest(%s::uuid[], %s::text[]) as new (id, reason)
            where enrolment.id = new.id
            """,
            [at, list(reasons), list(reasons.values())],
        )


@dataclass(frozen=True)
class KeptAway:
    """An enrolment that ended because its journey keeps away from the guest."""

    enrolment_id: UUID
    journey: str
    version: int
    step: str
    guest_id: UUID
    occurrence: str
    property: str | None
    zone: str
    reason: str
    at: datetime


def kept_away_since(tx: Tx, since: datetime) -> list[KeptAway]:
    return tx.rows(
        KeptAway,
        """
        select id as enrolment_id, journey, version, step, guest_id, occurrence, property, zone, reason,
               changed_at as at
        from enrolment where state = 'exited' and reason = any(%s) and changed_at >= %s order by changed_at, id
        """,
        [[Reason.IN_HOUSE.value, Reason.FUTURE_BOOKING.value], since],
    )


def set_paused(tx: Tx, journey: str, before: State, after: State, at: datetime) -> int:
    """Waiting to paused or back, the whole journey; timers keep their instants."""
    return tx.execute(
        """
        update enrolment set state = %s, changed_at = %s
        where id in (select id from enrolment where journey = %s and state = %s order by id for update)
        """,
        [after, at, journey, before],
    ).rowcount
