"""What is planned for the days to come, and what the last rehearsal saw in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.campaigns.queries.rehearsals import SUMS
from services.campaigns.queries.scope import SEEN
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.reason import Reason

COLLISIONS = (Reason.PRIORITY, Reason.HOUSEHOLD)
"""Why a message gives way to another one that goes at the same time."""
CAPS = (Reason.FREQUENCY_CAP, Reason.ONCE_A_MONTH)
"""Why a message gives way to those that went before."""


@dataclass(frozen=True)
class Planned:
    """Guests whose next step, or message that waits, is due in one hour. `hour`: an instant."""

    hour: datetime
    zone: str
    journey: str
    property: str | None
    guests: int


@dataclass(frozen=True)
class Rehearsed:
    """Messages of one local hour: those that would go, those kept back by a cap, and those that would give way."""

    day: date
    hour: int
    journey: str
    channel: str | None
    property: str | None
    sent: int
    capped: int
    gave_way: int


@dataclass(frozen=True)
class Expected:
    """Messages that stays would bring which nobody has booked yet: an estimate, of no guest."""

    day: date
    journey: str
    channel: str
    property: str
    messages: float


def planned(tx: Tx, since: datetime, until: datetime, scope: Scope) -> list[Planned]:
    """By timers of enrolments, and by messages that were asked for and wait."""
    return tx.rows(
        Planned,
        f"""
        with due as (
            select due_at as at, zone, journey, property from enrolment
            where state = 'waiting' and due_at >= %(since)s and due_at < %(until)s and {SEEN}
            union all
            select message.due_at, enrolment.zone, enrolment.journey, enrolment.property
            from message join enrolment on enrolment.id = message.enrolment_id
            where message.state in ('requested', 'queued', 'held') and message.settled_at is null
              and message.withdrawn_at is null and message.due_at >= %(since)s and message.due_at < %(until)s and {SEEN}
        )
        select date_trunc('hour', at) as hour, zone, journey, property, count(*)::int as guests
        from due group by 1, 2, 3, 4 order by 1, 2, 3, 4
        """,
        {"since": since, "until": until, **scope.values},
    )


def rehearsed(tx: Tx, id_: UUID, first: date, last: date, scope: Scope) -> list[Rehearsed]:
    """The gate's last word on the messages of these days, from what the rehearsal added up."""
    return tx.rows(
        Rehearsed,
        f"""
        select day, hour, journey, channel, property,
               coalesce(sum(messages) filter (where state = 'sent'), 0)::int as sent,
               coalesce(sum(messages) filter (where reason = any(%(capped)s)), 0)::int as capped,
               coalesce(sum(messages) filter (where reason = any(%(collisions)s)), 0)::int as gave_way
        from rehearsal_sum told
        where {SUMS} and day between %(first)s and %(last)s
          and (state = 'sent' or reason = any(%(capped)s) or reason = any(%(collisions)s))
        group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        """,
        {
            "id": id_,
            "journey": None,
            "first": first,
            "last": last,
            **scope.values,
            "collisions": list(map(str, COLLISIONS)),
            "capped": list(map(str, CAPS)),
        },
    )


def expected(tx: Tx, id_: UUID, first: date, last: date, scope: Scope) -> list[Expected]:
    return tx.rows(
        Expected,
        f"""
        select day, journey, channel, property, sum(messages)::float as messages from rehearsal_expected
        where rehearsal_id = %(id)s and day between %(first)s and %(last)s and {within("property")}
        group by 1, 2, 3, 4 order by 1, 2, 3, 4
        """,
        {"id": id_, "first": first, "last": last, **scope.values},
    )
