"""Requests of tracked links until they are judged, and the clicks that they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.messaging.rules.links.clicks import Visit
from shared.database.pool import Tx
from shared.rows import row

MOST_OF_A_LINK = 20
"""Requests of one link that wait to be judged: what is asked for a thousand times is known well enough by these."""


@row
class NewClick:
    """In the order of MessageClicked's fields, and the lane."""

    message_id: UUID
    link: int
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str
    target: str
    occurred_at: datetime
    lane: str

    def row(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__[:-1])  # type: ignore[attr-defined]


def keep_visit(tx: Tx, params: Mapping[str, Any]) -> None:
    """Unless this link was pressed by its guest already."""
    tx.execute(
        """
        insert into link_visit (message_id, number, at, source, known)
        select %(message_id)s, %(number)s, %(at)s, %(source)s, %(known)s
        where not exists (select from click where (message_id, number) = (%(message_id)s, %(number)s) and counted)
          and (select count(*) from link_visit where (message_id, number) = (%(message_id)s, %(number)s)
                                                 and not judged) < %(most)s
        """,
        {**params, "most": MOST_OF_A_LINK},
    )


def take_visits(tx: Tx, params: Mapping[str, Any]) -> list[Visit]:
    """The requests of messages of which one is old enough to be judged; whoever judges meanwhile takes others. What an
    earlier one was judged by is looked at with it."""
    return tx.rows(Visit, TAKE, params)


def mark_judged(tx: Tx, visits: Sequence[int]) -> None:
    tx.execute("update link_visit set judged = true where id = any(%s)", [list(visits)])


def forget_visits(tx: Tx, before: datetime) -> None:
    tx.execute("delete from link_visit where judged and at <= %s", [before])


def next_visit(tx: Tx, judged_after: timedelta, kept_for: timedelta) -> datetime | None:
    """When one is old enough to be judged, or to go."""
    row = tx.execute(
        """
        select least((select min(at) from link_visit where not judged) + %s,
                     (select min(at) from link_visit where judged) + %s)
        """,
        [judged_after, kept_for],
    ).fetchone()
    return row[0] if row else None


def raise_clicks(tx: Tx, params: Mapping[str, Any]) -> list[NewClick]:
    """What is known of each link rises, or stays; those that a guest is known to have pressed only now."""
    return tx.rows(NewClick, RAISE, params)


TAKE = """
    with due as (
        select id, message_id from link_visit where not judged and at <= %(until)s
        order by at, id limit %(most)s for update skip locked
    )
    select visit.id, message_id, visit.number, visit.at, known,
           judged or visit.id not in (select id from due) as judged, delivery.channel,
           (select count(*) from link where (link.template, link.version, link.language, link.channel)
            = (delivery.template, template_version, delivery.language, delivery.channel))::int as links,
           coalesce((select happened_at from receipt where message_id = visit.message_id and state = 'delivered'),
                    delivery.changed_at) as sent_at,
           (select count(distinct other.message_id) from link_visit as other
            where other.source = visit.source and other.at between visit.at - %(together)s and visit.at + %(together)s
           )::int as together
    from link_visit as visit join delivery using (message_id)
    where message_id in (select message_id from due)
    order by message_id, visit.at, visit.id
"""
RAISE = """
    with said as materialized (
        select * from unnest(%(message_id)s::uuid[], %(number)s::int[], %(at)s::timestamptz[], %(reason)s::text[])
            as said (message_id, number, at, reason)
    ), raised as (
        insert into click as known (message_id, number, counted, reason, at)
        select message_id, number, said.reason is null, said.reason, at from said join delivery using (message_id)
        where not exists (select from recipient where recipient.guest_id = delivery.guest_id and gone = 'erased')
        order by message_id, number
        on conflict (message_id, number) do update set counted = true, reason = null, at = excluded.at
        where excluded.counted and not known.counted
        returning *
    )
    select message_id, raised.number as link, 1 as version, guest_id, journey, journey_version, step, occurrence,
           purpose, property, stay_id, delivery.channel, target, raised.at as occurred_at, lane
    from raised join delivery using (message_id) join link
        on (link.template, link.version, link.language, link.channel, link.number)
           = (delivery.template, template_version, delivery.language, delivery.channel, raised.number)
    where counted order by message_id, link
"""
