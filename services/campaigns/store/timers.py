"""Enrolments as timers: claimed in sets, each by one clock only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from services.campaigns.rules.advance import Advanced, Due
from services.campaigns.store import calendars, stay_scan, warning_turns
from services.campaigns.store.letting_in import SOMEBODY_WAITS
from shared.database.pool import Tx
from shared.events import Lane

NOT_SET_ASIDE = """
    not exists (select from set_aside where role = 'timers' and item = enrolment.id::text)
"""


def claim_due(tx: Tx, lane: Lane, at: datetime, most: int) -> list[Due]:
    """The timers of a lane that have run out, the oldest first; those another clock holds are left to it, and those
    set aside to a person."""
    return tx.rows(
        Due,
        f"""
        select enrolment.id, journey, enrolment.version, enrolment.guest_id, occurrence, plan, step, due_at, entered_at,
               enrolment.zone, property, stay_id, data, known.ended, awaits_since,
               from_step, from_at, offers, told
        from enrolment left join guest_known known on known.guest_id = enrolment.guest_id
        where state = 'waiting' and lane = %s and due_at <= %s and {NOT_SET_ASIDE}
        order by due_at, enrolment.id
        limit %s
        for update of enrolment skip locked
        """,
        [lane, at, most],
    )


def next_due(tx: Tx) -> datetime | None:
    """The earliest timer of all, one probe of the index a lane, the next day on which some are let in or a split is
    judged, the launch whose stays are being looked through, the next day of a calendar, or a warning that came."""
    row = tx.execute(
        f"""
        select least(
            (select due_at from enrolment where state = 'waiting' and lane = 'stay' and {NOT_SET_ASIDE}
             order by due_at limit 1),
            (select due_at from enrolment where state = 'waiting' and lane = 'marketing' and {NOT_SET_ASIDE}
             order by due_at limit 1),
            (select min(next_at) from letting_in join journey on journey.key = letting_in.journey
              where state = 'live' and {SOMEBODY_WAITS}),
             (select min(next_at) from split_watch join journey on journey.key = split_watch.journey
              where state = 'live'),
             (select min(since) from stay_scan where {stay_scan.NOT_SET_ASIDE}),
             ({calendars.NEXT_DUE}),
             ({warning_turns.NEXT_DUE})
        )
        """
    ).fetchone()
    instant: datetime | None = row[0] if row else None
    return instant


def move_on(tx: Tx, moves: Sequence[tuple[UUID, Advanced]], at: datetime) -> None:
    tx.execute(
        """
        update enrolment
        set state = new.state, step = new.step, due_at = new.due_at, reason = new.reason, awaits = new.awaits,
            awaits_since = new.awaits_since, from_step = new.from_step, from_at = new.from_at, changed_at = %s
        from unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::timestamptz[],
                    %s::text[], %s::timestamptz[])
             as new (id, state, step, due_at, reason, awaits, awaits_since, from_step, from_at)
        where enrolment.id = new.id
        """,
        [
            at,
            [id_ for id_, _ in moves],
            [to.state for _, to in moves],
            [to.step for _, to in moves],
            [to.due_at for _, to in moves],
            [to.reason for _, to in moves],
            [to.awaits.what if to.awaits else None for _, to in moves],
            [to.awaits.since if to.awaits else None for _, to in moves],
            [to.origin.step for _, to in moves],
            [to.origin.at for _, to in moves],
        ],
    )


def keep_offers(tx: Tx, gave: Sequence[tuple[UUID, Mapping[str, str]]]) -> None:
    """By enrolment and step, the offer that its messages make from there on."""
    if gave:
        tx.execute(
            """
            update enrolment set offers = enrolment.offers || new.offers
            from unnest(%s::uuid[], %s::jsonb[]) as new (id, offers) where enrolment.id = new.id
            """,
            [[id_ for id_, _ in gave], [orjson.dumps(offers).decode() for _, offers in gave]],
        )


def mark_told(tx: Tx, ids: Sequence[UUID]) -> None:
    """Others are told that these guests entered."""
    tx.execute("update enrolment set told = true where id = any(%s)", [list(ids)])
