"""Those who were inside a journey's audience before its launch, and are let in so many a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.campaigns.rules.entries import AudienceChange
from shared.database.pool import Tx

# Of a row of `letting_in`: it and one of its members are not set aside.
SOMEBODY_WAITS = """
    exists (select from waiting_member member where member.journey = letting_in.journey and not exists (
        select from set_aside
        where role = 'letting in' and item = member.journey || ' ' || member.guest_id))
    and not exists (select from set_aside where role = 'letting in' and item = letting_in.journey)
"""


@dataclass(frozen=True)
class LettingIn:
    journey: str
    a_day: int
    launched_at: datetime
    next_at: datetime


@dataclass(frozen=True)
class Member:
    guest_id: UUID
    version: int
    zone: str
    because: dict[str, Any]
    inside: bool  # still, and by the same entry


def begin(tx: Tx, journey: str, a_day: int, launched_at: datetime, first_at: datetime) -> None:
    tx.execute(
        """
        insert into letting_in (journey, a_day, launched_at, next_at) values (%s, %s, %s, %s)
        on conflict (journey) do update
        set a_day = excluded.a_day, launched_at = excluded.launched_at, next_at = excluded.next_at
        """,
        [journey, a_day, launched_at, first_at],
    )


def end(tx: Tx, journey: str) -> None:
    tx.execute("delete from waiting_member where journey = %s", [journey])
    tx.execute("delete from letting_in where journey = %s", [journey])


def under_way(tx: Tx) -> list[LettingIn]:
    return tx.rows(LettingIn, "select journey, a_day, launched_at, next_at from letting_in order by journey")


def keep_members(tx: Tx, journey: str, members: Sequence[AudienceChange]) -> None:
    tx.execute(
        """
        insert into waiting_member (journey, guest_id, version, zone, because, place)
        select distinct on (guest_id) %(journey)s, guest_id, version, zone, because, md5(%(journey)s || guest_id)
        from unnest(%(guests)s::uuid[], %(versions)s::bigint[], %(zones)s::text[], %(because)s::jsonb[])
             as new (guest_id, version, zone, because)
        order by guest_id, version desc
        on conflict (journey, guest_id) do nothing
        """,
        {
            "journey": journey,
            "guests": [member.guest_id for member in members],
            "versions": [member.version for member in members],
            "zones": [member.zone for member in members],
            "because": [orjson.dumps(member.because).decode() for member in members],
        },
    )


def claim_due(tx: Tx, at: datetime) -> list[LettingIn]:
    """The journeys whose next handful is due; those another clock holds are left to it."""
    return tx.rows(
        LettingIn,
        f"""
        select letting_in.journey, a_day, letting_in.launched_at, next_at
        from letting_in join journey on journey.key = letting_in.journey
        where journey.state = 'live' and next_at <= %s and {SOMEBODY_WAITS}
        order by letting_in.journey
        for update of letting_in skip locked for share of journey skip locked
        """,
        [at],
    )


def take(tx: Tx, journey: str, most: int) -> list[Member]:
    return tx.rows(
        Member,
        """
        with taken as (
            delete from waiting_member
            where journey = %(journey)s and guest_id in (
                select guest_id from waiting_member
                where journey = %(journey)s and not exists (
                    select from set_aside where role = 'letting in' and item = %(journey)s || ' ' || guest_id)
                order by place limit %(most)s
            )
            returning guest_id, version, zone, because, place
        )
        select guest_id, version, zone, because,
               coalesce((select member.inside and member.version = taken.version from audience_member member
                         join journey on journey.key = %(journey)s
                         join journey_version v on (v.journey, v.version) = (journey.key, journey.live_version)
                         where member.guest_id = taken.guest_id
                           and member.segment = v.document->'entry'->>'audience'), false) as inside
        from taken order by place
        """,
        {"journey": journey, "most": most},
    )


def put_back(tx: Tx, journey: str, member: Member) -> None:
    """A member who was taken and could not be let in waits again."""
    tx.execute(
        """
        insert into waiting_member (journey, guest_id, version, zone, because, place)
        values (%(journey)s, %(guest)s, %(version)s, %(zone)s, %(because)s, md5(%(journey)s || %(guest)s::uuid))
        """,
        {
            "journey": journey,
            "guest": member.guest_id,
            "version": member.version,
            "zone": member.zone,
            "because": orjson.dumps(member.because).decode(),
        },
    )


def move_on(tx: Tx, journey: str, next_at: datetime) -> None:
    tx.execute("update letting_in set next_at = %s where journey = %s", [next_at, journey])
