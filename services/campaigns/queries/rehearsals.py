"""The report of a rehearsal, as pages and programs read it: scoped to hotels, and to a journey where one is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.access.scope import Scope, within
from shared.database.pool import Tx

FIVE = 5
SEEN = f"""({within("line.property")} or (line.property is null and exists (
    select from stay_known as own where own.guest_id = line.guest_id and {within("own.property")})))"""
MINE = f"""
    line.rehearsal_id = %(id)s and (%(journey)s::text is null or line.journey = %(journey)s) and {SEEN}
"""
LAST = f"""
    select distinct on (message_id) line.* from rehearsal_line line
    where {MINE} order by message_id, number desc
"""
"""The gate's last word on each message."""


@dataclass(frozen=True)
class Cell:
    """How many messages would go in one local hour of a day."""

    day: date
    hour: int
    sent: int


@dataclass(frozen=True)
class Verdict:
    journey: str
    state: str
    reason: str | None
    channel: str | None
    messages: int
    guests: int
    parts: int


@dataclass(frozen=True)
class InLanguage:
    template: str
    language: str
    sent: int


@dataclass(frozen=True)
class Line:
    """One word of the gate on a message to a guest."""

    guest_id: UUID
    message_id: UUID
    at: datetime
    zone: str
    journey: str
    step: str
    template: str
    state: str
    reason: str | None
    held_until: datetime | None
    channel: str | None
    language: str


def cells(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Cell]:
    query = f"""
        select day, hour, count(*)::int as sent from ({LAST}) as last where state = 'sent'
        group by day, hour order by day, hour
    """
    return tx.rows(Cell, query, _values(id_, journey, scope))


def verdicts(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Verdict]:
    query = f"""
        select journey, state, reason, case when state in ('sent', 'held') then channel end as channel,
               count(*)::int as messages, count(distinct guest_id)::int as guests, sum(parts)::int as parts
        from ({LAST}) as last group by 1, 2, 3, 4 order by count(*) desc, 1, 2, 3, 4
    """
    return tx.rows(Verdict, query, _values(id_, journey, scope))


def languages(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[InLanguage]:
    query = f"""
        select template, language, count(*)::int as sent from ({LAST}) as last where state = 'sent'
        group by template, language order by template, count(*) desc, language
    """
    return tx.rows(InLanguage, query, _values(id_, journey, scope))


def how_long_held(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Verdict]:
    """Messages that would wait on the way, by what for."""
    query = f"""
        select line.journey, 'held' as state, reason, null::text as channel,
               count(distinct message_id)::int as messages, count(distinct guest_id)::int as guests, 0 as parts
        from rehearsal_line line where {MINE} and state = 'held' group by 1, 3 order by 5 desc, 1, 3
    """
    return tx.rows(Verdict, query, _values(id_, journey, scope))


def five_guests(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Line]:
    """Of five guests, those with most to tell, every word in its order."""
    query = f"""
        with told as (
            select guest_id from rehearsal_line line where {MINE}
            group by guest_id
            order by count(distinct state || coalesce(reason, '')) desc, count(*) desc, guest_id limit {FIVE}
        )
        select line.guest_id, message_id, at, zone, journey, step, template, state, reason, held_until, channel,
               language
        from rehearsal_line line join told using (guest_id) where {MINE}
        order by line.guest_id, at, number
    """
    return tx.rows(Line, query, _values(id_, journey, scope))


def _values(id_: UUID, journey: str | None, scope: Scope) -> Mapping[str, Any]:
    return {"id": id_, "journey": journey, **scope.values}
