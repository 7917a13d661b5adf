"""Alerts and the calls they led to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.database.pool import Tx

AlertOf = Literal["alert_id", "case_id", "task_id"]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that cannot wait, at a hotel; `case_id`, `task_id`: what it is about; neither, a stranger's reply."""

    alert_id: UUID
    because: str
    case_id: UUID | None = None
    task_id: UUID | None = None
    property: str | None = None
    room: str | None = None
    raised_at: datetime
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class Call:
    notice_id: UUID
    alert_id: UUID
    turn: int
    member_id: UUID
    name: str
    channel: str
    called_at: datetime


def raise_all(tx: Tx, alerts: Sequence[Alert]) -> list[Alert]:
    """Those that are new, due at once."""
    if not alerts:
        return []
    columns = _columns(alerts)
    new = {alert_id for (alert_id,) in tx.execute(RAISE, columns)}
    return [one for one in alerts if one.alert_id in new]


def take_due(tx: Tx, at: datetime, most: int) -> list[Alert]:
    """Alerts whose next call is due; another role's are passed over."""
    return tx.rows(
        Alert, f"{SELECT} where next_at <= %s order by next_at, alert_id limit %s for update skip locked", [at, most]
    )


def take_those_of(tx: Tx, notices: Sequence[UUID]) -> list[Alert]:
    """Alerts in whose last turn nobody could be called: every call of it failed, one of these notices among them."""
    return tx.rows(Alert, f"{SELECT} {ALL_FAILED}", {"notices": list(notices)})


def ringing(tx: Tx, cases: Sequence[UUID]) -> set[UUID]:
    """Those of these cases of which somebody is being called already."""
    query = "select case_id from alert where case_id = any(%s::uuid[]) and next_at is not null"
    return {case_id for (case_id,) in tx.execute(query, [list(cases)])}


def move_on(tx: Tx, moves: Sequence[tuple[UUID, int, datetime | None, str | None]], at: datetime) -> None:
    """By alert: its turn, when the next call is due, or how it ended."""
    ids, turns, nexts, ends = ([*column] for column in zip(*moves, strict=True))
    tx.execute(MOVE_ON, {"ids": ids, "turns": turns, "nexts": nexts, "ends": ends, "at": at})


def add_calls(tx: Tx, calls: Sequence[Call]) -> None:
    if calls:
        tx.execute(ADD_CALLS, _columns(calls))


def settle_calls(tx: Tx, columns: Mapping[str, Any]) -> list[UUID]:
    """What became of calls, the greater version last; the notices that are ours."""
    return [notice_id for (notice_id,) in tx.execute(SETTLE, columns)]


def answer(tx: Tx, subject: AlertOf, number: UUID, by: str, at: datetime) -> bool:
    """Answers the alerts of a case or a task, or the one of that number; whether any had no answer yet."""
    return tx.execute(ANSWER.format(subject=subject), {"number": number, "by": by, "at": at}).rowcount > 0


def end_of_guests(tx: Tx, guests: Sequence[UUID], at: datetime) -> None:
    tx.execute(END_OF_GUESTS, {"guests": list(guests), "at": at})


def next_due(tx: Tx) -> datetime | None:
    """When a call, a case or a task is due."""
    found = tx.execute(NEXT_DUE).fetchone()
    return found[0] if found else None


def _columns(rows: Sequence[Any]) -> dict[str, list[Any]]:
    dicts = [asdict(one) for one in rows]
    return {name: [one[name] for one in dicts] for name in dicts[0]} if dicts else {}


SELECT = "select alert_id, because, case_id, task_id, property, room, raised_at, turn from alert"
RAISE = """
    insert into alert (alert_id, because, case_id, task_id, property, room, raised_at, next_at)
    select alert_id, because, case_id, task_id, property, room, raised_at, raised_at
    from unnest(%(alert_id)s::uuid[], %(because)s::text[], %(case_id)s::uuid[], %(task_id)s::uuid[],
                %(property)s::text[], %(room)s::text[], %(raised_at)s::timestamptz[])
        as said (alert_id, because, case_id, task_id, property, room, raised_at)
    order by alert_id
    on conflict do nothing
    returning alert_id
"""
ALL_FAILED = """
    where next_at is not null and turn > 0
      and alert_id in (select alert_id from alert_call where notice_id = any(%(notices)s::uuid[]))
      and not exists (
          select from alert_call as call
          where call.alert_id = alert.alert_id and call.turn = alert.turn and call.state in ('asked', 'sent'))
    order by alert_id for update
"""
MOVE_ON = """
    update alert
    set turn = said.turn, next_at = said.next_at, ended = said.ended,
        ended_at = case when said.ended is not null then %(at)s::timestamptz end
    from unnest(%(ids)s::uuid[], %(turns)s::int[], %(nexts)s::timestamptz[], %(ends)s::text[])
        as said (alert_id, turn, next_at, ended)
    where alert.alert_id = said.alert_id
"""
ADD_CALLS = """
    insert into alert_call (notice_id, alert_id, turn, member_id, name, channel, called_at)
    select * from unnest(%(notice_id)s::uuid[], %(alert_id)s::uuid[], %(turn)s::int[], %(member_id)s::uuid[],
                         %(name)s::text[], %(channel)s::text[], %(called_at)s::timestamptz[])
    on conflict do nothing
"""
SETTLE = """
    update alert_call as call
    set version = said.version, state = said.state, reason = said.reason, settled_at = said.occurred_at
    from (
        select distinct on (notice_id) notice_id, version, state, reason, occurred_at
        from unnest(%(notice_id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(reason)s::text[],
                    %(occurred_at)s::timestamptz[]) as each (notice_id, version, state, reason, occurred_at)
        where state in ('sent', 'failed', 'unknown')
        order by notice_id, version desc
    ) as said
    where call.notice_id = said.notice_id and call.version < said.version
    returning call.notice_id
"""
ANSWER = """
    update alert set ended = 'answered', ended_at = %(at)s, answered_by = %(by)s, next_at = null
    where {subject} = %(number)s and ended is distinct from 'answered' and ended is distinct from 'settled'
"""
END_OF_GUESTS = """
    update alert set ended = 'settled', ended_at = %(at)s, next_at = null
    where case_id in (select case_id from care_case where guest_id = any(%(guests)s::uuid[]))
      and ended is distinct from 'answered'
"""
NEXT_DUE = """
    select least((select min(next_at) from alert where next_at is not null),
                 (select min(deadline) from care_case where closed_at is null and late_at is null),
                 (select min(due_at) from staff_task where done_at is null and late_at is null))
"""
