"""The report of a rehearsal, as pages and programs read it: scoped to hotels, and to a journey where one is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.access.scope import Scope, within
from shared.database.pool import Tx

FIVE = 5
LOOKED_AT = 5000  # lines among which the five guests are found, so that it costs the same however many there are
SEEN = f"""({within("line.property")} or (line.property is null and exists (
    select from stay_known as own where own.guest_id = line.guest_id and {within("own.property")})))"""
MINE = f"""
    line.rehearsal_id = %(id)s and (%(journey)s::text is null or line.journey = %(journey)s) and {SEEN}
"""
SUMS_SEEN = f"""({within("told.property")} or told.property is null and told.seen_by && %(hotels)s::text[])"""
SUMS = f"""told.rehearsal_id = %(id)s and (%(journey)s::text is null or told.journey = %(journey)s) and {SUMS_SEEN}"""
"""Of the sums of a rehearsal, what somebody sees; for a statement with `told` in it."""


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
class Cost:
    """`amount`: of those of which the price is known, in `currency`; `unpriced`: messages of which it is not."""

    journey: str
    channel: str
    currency: str | None
    messages: int
    parts: int
    amount: Decimal
    unpriced: int


@dataclass(frozen=True)
class Pace:
    """`basis`: year | weeks | none."""

    property: str
    basis: str
    stays: int


@dataclass(frozen=True)
class Expected:
    day: date
    channel: str
    currency: str | None
    messages: Decimal
    cost: Decimal


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
        select day, hour, sum(messages)::int as sent from rehearsal_sum told where {SUMS} and state = 'sent'
        group by day, hour order by day, hour
    """
    return tx.rows(Cell, query, _values(id_, journey, scope))


def verdicts(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Verdict]:
    """A guest with messages of two hotels counts at each."""
    query = f"""
        select journey, state, reason, channel, sum(messages)::int as messages, sum(guests)::int as guests,
               sum(parts)::int as parts
        from rehearsal_verdict told where {SUMS} and not waits
        group by 1, 2, 3, 4 order by sum(messages) desc, 1, 2, 3, 4
    """
    return tx.rows(Verdict, query, _values(id_, journey, scope))


def costs(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Cost]:
    """By journey and channel; one line a currency, and one without for what nobody has said the price of."""
    query = f"""
        select journey, channel, currency, sum(messages)::int as messages, sum(parts)::int as parts,
               sum(cost) as amount, sum(unpriced)::int as unpriced
        from rehearsal_sum told where {SUMS} and state = 'sent' group by 1, 2, 3 order by 1, 2, 3
    """
    return tx.rows(Cost, query, _values(id_, journey, scope))


def languages(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[InLanguage]:
    query = f"""
        select template, language, sum(messages)::int as sent from rehearsal_sum told where {SUMS} and state = 'sent'
        group by template, language order by template, sum(messages) desc, language
    """
    return tx.rows(InLanguage, query, _values(id_, journey, scope))


def how_long_held(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Verdict]:
    """Messages that would wait on the way, by what for."""
    query = f"""
        select journey, 'held' as state, reason, null::text as channel, sum(messages)::int as messages,
               sum(guests)::int as guests, 0 as parts
        from rehearsal_verdict told where {SUMS} and waits group by 1, 3 order by 5 desc, 1, 3
    """
    return tx.rows(Verdict, query, _values(id_, journey, scope))


def pace(tx: Tx, id_: UUID, scope: Scope) -> list[Pace]:
    """By hotel, from what time's bookings it was estimated, and how many stays those are."""
    query = f"""
        select property, basis, stays from rehearsal_pace
        where rehearsal_id = %(id)s and {within("property")} order by property
    """
    return tx.rows(Pace, query, _values(id_, None, scope))


def expected(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Expected]:
    """What stays that nobody has booked yet would bring, by day and channel: an estimate, of no guest."""
    query = f"""
        select day, channel, currency, sum(messages) as messages, sum(cost) as cost from rehearsal_expected
        where rehearsal_id = %(id)s and (%(journey)s::text is null or journey = %(journey)s) and {within("property")}
        group by 1, 2, 3 order by 1, 2, 3
    """
    return tx.rows(Expected, query, _values(id_, journey, scope))


def five_guests(tx: Tx, id_: UUID, journey: str | None, scope: Scope) -> list[Line]:
    """Of five guests, those with most to tell among the first, every word in its order."""
    query = f"""
        with told as (
            select guest_id from (
                select guest_id, state, reason from rehearsal_line line where {MINE} order by number limit {LOOKED_AT}
            ) as first
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
