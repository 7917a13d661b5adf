"""What journeys brought, of the guests who entered on some days.

A stay counts once, for the last message before it was booked, within the journey's days of its goal (30 where it has
none); for a guest of the control group the moment at which the message was kept from them stands for the message. A
stay that was cancelled, or to which nobody came, is no booking. Money is never added across currencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.campaigns.queries.scope import SEEN
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.rows import row


class By(StrEnum):
    """By what results are told apart."""

    JOURNEY = "journey"
    VERSION = "version"
    HOTEL = "hotel"
    MONTH = "month"
    DAY = "day"
    STEP = "step"
    CHANNEL = "channel"
    LANGUAGE = "language"
    WAY = "way"


@row
class Revenue:
    """`unknown`: stays of which no revenue is known."""

    currency: str
    amount: Decimal
    unknown: int


@row
class Spent:
    currency: str
    amount: Decimal


@row
class ResultLine:
    """`part`: what `By` says of it. `written`, `control`: guests of whom a message went, or was kept from them.

    `booked` and `nights` are those of guests who were written to. `clicked_first`: stays booked by guests whose last
    click within 30 days before was on a message of this journey. `earned`: by guests who were written to, in each
    currency, the greatest sum first. `spent`: on messages that went, in each currency; `unpriced`: messages of
    which nobody had said the price, in no sum.
    """

    part: str
    entered: int
    waiting: int
    sent: int
    delivered: int
    clicked: int
    bounced: int
    complained: int
    answered: int
    opted_out: int
    used: int
    written: int
    control: int
    booked: int
    nights: int
    control_booked: int
    clicked_first: int
    earned: list[Revenue]
    spent: list[Spent]
    unpriced: int


ANY = 0  # no version has this number


@dataclass(frozen=True)
class Window:
    """Guests who entered from `since` on, before `until`; `within`: how long after a message a booking is its own.
    `version`: those who are in this version of the journey; `ANY`: in whichever."""

    since: datetime
    until: datetime
    within: timedelta
    version: int = ANY

    @property
    def values(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.until, "within": self.within, "version": self.version}


ENTERED = f"""
    journey = %(key)s and entered_at >= %(since)s and entered_at < %(until)s
    and (%(version)s = {ANY} or enrolment.version = %(version)s) and {SEEN}
"""


MEMORY = "set local work_mem = '64MB'"  # for the sets of large journeys


def result_lines(tx: Tx, key: str, window: Window, by: By, scope: Scope) -> list[ResultLine]:
    return lines_of(result_rows(tx, key, window, by, scope))


def result_rows(tx: Tx, key: str, window: Window, by: By, scope: Scope) -> list[Any]:
    """As `lines_of` reads them; plain values, so that they can be kept."""
    tx.execute(MEMORY)
    return list(map(list, tx.execute(RESULTS[by], {"key": key, **window.values, **scope.values})))


def lines_of(rows: Sequence[Sequence[Any]]) -> list[ResultLine]:
    return [
        ResultLine(*(*figures, _earned(earned), _spent(spent), unpriced)) for *figures, earned, spent, unpriced in rows
    ]


def are_many(tx: Tx, key: str, window: Window, most: int) -> bool:
    """Whether more than `most` entered; no more than that are looked at."""
    query = """
        select count(*) from (
            select from enrolment where journey = %s and entered_at >= %s and entered_at < %s limit %s
        ) as these
    """
    row = tx.execute(query, [key, window.since, window.until, most + 1]).fetchone()
    return row is not None and row[0] > most


def _earned(sums: Sequence[tuple[str, str, int]]) -> list[Revenue]:
    return [Revenue(currency, Decimal(amount), unknown) for currency, amount, unknown in sums]


def _spent(sums: Sequence[tuple[str, str]]) -> list[Spent]:
    return [Spent(currency, Decimal(amount)) for currency, amount in sums]


PARTS: Mapping[By, str] = {
    By.JOURNEY: "''",
    By.VERSION: "enrolment.version::text",
    By.HOTEL: "coalesce(property, '')",
    By.MONTH: "to_char(entered_at at time zone 'UTC', 'YYYY-MM')",
    By.DAY: "to_char(entered_at at time zone 'UTC', 'YYYY-MM-DD')",
    By.STEP: "message.step",
    By.CHANNEL: "coalesce(message.channel, '')",
    By.LANGUAGE: "coalesce(message.language, '')",
    By.WAY: "coalesce((select string_agg(step || ':' || way, ' ' order by step) from split_taken "
    "where enrolment_id = enrolment.id), '')",
}
OF_MESSAGES = (By.STEP, By.CHANNEL, By.LANGUAGE)
"""What is told apart by its messages: a guest counts at each of them."""
OVER = "stay.status not in ('cancelled', 'no_show')"
OFTEN = "interval '7 days'"  # an objection so soon after a message is of it
LAST_CLICK = "interval '30 days'"


def _came(by: By) -> str:
    """Per enrolment (and step, channel or language, where these are told apart), what its messages came to."""
    of_messages = by in OF_MESSAGES
    part, message_part = ("''", PARTS[by]) if of_messages else (PARTS[by], "part")
    return f"""
        entered as (
            select enrolment.id, coalesce(merged_into, enrolment.guest_id) as guest_id, property, stay_id,
                   enrolment.state in ('waiting', 'paused') as waits, {part} as part
            from enrolment left join guest_known known on known.guest_id = enrolment.guest_id
            where {ENTERED}
        ), told as materialized (
            select entered.id, entered.guest_id, entered.property, entered.stay_id, {message_part} as part,
                   message.state, message.reason, message.receipt, message.clicked_at, message.settled_at, message.cost,
                   message.currency
            from entered join message on message.enrolment_id = entered.id
        ), came as (
            select id, guest_id, property, stay_id, part,
                   count(*) filter (where {WENT}) as sent,
                   count(*) filter (where message.receipt in ('delivered', 'complained')
                                       or message.clicked_at is not null) as delivered,
                   count(*) filter (where message.clicked_at is not null) as clicked,
                   count(*) filter (where message.receipt = 'bounced') as bounced,
                   count(*) filter (where message.receipt = 'complained') as complained,
                   min(message.settled_at) filter (where {WENT}) as sent_at,
                   min(message.settled_at) filter (where {KEPT_OUT}) as kept_at
            from told as message group by id, guest_id, property, stay_id, part
        ), judged as (
            select *, sent_at is null as held_out, coalesce(sent_at, kept_at) as since
            from came where sent_at is not null or kept_at is not null
        ), booked as (
            select distinct on (stay.stay_id) stay.stay_id, judged.id, judged.part, judged.held_out,
                   stay.departure - stay.arrival as nights, stay.revenue,
                   coalesce(nullif(stay.currency, ''), hotel.currency, '') as currency,
                   {LAST_CLICKED} as clicked_first
            from judged
            join stay_known stay on stay.guest_id = judged.guest_id
            left join property_known hotel on hotel.code = stay.property
            where stay.booked_at >= judged.since and stay.booked_at < judged.since + %(within)s and {OVER}
              and stay.stay_id is distinct from judged.stay_id
              and {within("stay.property")}
            order by stay.stay_id, judged.since desc, judged.id
        )
    """


WENT = "message.state = 'sent'"
KEPT_OUT = "message.state = 'skipped' and message.reason = 'holdout'"
LAST_CLICKED = f"""
    coalesce((
        select clicking.journey = %(key)s
        from enrolment clicking join message on message.enrolment_id = clicking.id
        where clicking.guest_id = judged.guest_id and message.clicked_at < stay.booked_at
          and message.clicked_at >= stay.booked_at - {LAST_CLICK}
        order by message.clicked_at desc, message.id limit 1
    ), false)
"""


def _lines(by: By) -> str:
    """Where steps are told apart, guests count at each step of which a message went."""
    parts = "select part, count(*) as entered, count(*) filter (where waits) as waiting from entered group by part"
    if by in OF_MESSAGES:
        parts = "select part, count(*) as entered, 0::bigint as waiting from came group by part"
    return f"""
        with {_came(by)}, parts as ({parts}), messages as (
            select part, sum(sent) as sent, sum(delivered) as delivered, sum(clicked) as clicked,
                   sum(bounced) as bounced, sum(complained) as complained
            from came group by part
        ), guests as (
            select part, count(*) filter (where not held_out) as written, count(*) filter (where held_out) as control,
                   count(*) filter (where not held_out and exists (
                       select from score_known answer
                       where answer.guest_id = judged.guest_id and not answer.void and answer.answered_at >= since
                         and answer.answered_at < since + %(within)s
                         and (judged.stay_id is null or answer.stay_id = judged.stay_id)
                   )) as answered,
                   count(*) filter (where not held_out and exists (
                       select from opt_out_known gone
                       where gone.guest_id = judged.guest_id and gone.at >= since and gone.at < since + {OFTEN}
                   )) as opted_out,
                   count(*) filter (where not held_out and exists (
                       select from goal where goal.enrolment_id = judged.id and goal.redemption_id is not null
                   )) as used
            from judged group by part
        ), stays as (
            select part, count(distinct id) filter (where not held_out) as booked,
                   coalesce(sum(nights) filter (where not held_out), 0) as nights,
                   count(distinct id) filter (where held_out) as control_booked,
                   count(*) filter (where not held_out and clicked_first) as clicked_first
            from booked group by part
        ), sums as (
            select part, currency, coalesce(sum(revenue), 0) as amount,
                   count(*) filter (where revenue is null) as unknown
            from booked where not held_out group by part, currency
        ), money as (
            select part, json_agg(json_build_array(currency, amount::text, unknown) order by amount desc, currency)
                as earned
            from sums group by part
        ), paid as (
            select part, currency, sum(cost) as amount, count(*) filter (where cost is null) as unpriced
            from told as message where {WENT} group by part, currency
        ), costs as (
            select part, coalesce(
                       json_agg(json_build_array(currency, amount::text) order by amount desc, currency)
                           filter (where currency is not null and amount is not null), '[]') as spent,
                   sum(unpriced)::int as unpriced
            from paid group by part
        )
        select part, entered::int, waiting::int, coalesce(sent, 0)::int as sent,
               coalesce(delivered, 0)::int as delivered, coalesce(clicked, 0)::int as clicked,
               coalesce(bounced, 0)::int as bounced,
               coalesce(complained, 0)::int as complained, coalesce(answered, 0)::int as answered,
               coalesce(opted_out, 0)::int as opted_out, coalesce(used, 0)::int as used,
               coalesce(written, 0)::int as written, coalesce(control, 0)::int as control,
               coalesce(booked, 0)::int as booked, coalesce(nights, 0)::int as nights,
               coalesce(control_booked, 0)::int as control_booked, coalesce(clicked_first, 0)::int as clicked_first,
               coalesce(earned, '[]') as earned, coalesce(spent, '[]') as spent, coalesce(unpriced, 0) as unpriced
        from parts left join messages using (part) left join guests using (part) left join stays using (part)
        left join money using (part) left join costs using (part)
        order by part
    """


RESULTS: Mapping[By, str] = {by: _lines(by) for by in By}
