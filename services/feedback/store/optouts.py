"""Objections imported from a file, each contact point once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope


@dataclass(frozen=True, kw_only=True)
class ListedOptOut:
    optout_id: UUID
    channel: Channel
    point: str
    requested_at: datetime


def add(tx: Tx, listed: Sequence[ListedOptOut], scope: OptOutScope, file: str, at: datetime) -> list[ListedOptOut]:
    """Stores the objections; returns those that are new."""
    params = {
        "optout_id": [one.optout_id for one in listed],
        "channel": [one.channel for one in listed],
        "point": [one.point for one in listed],
        "requested_at": [one.requested_at for one in listed],
        "scope": scope,
        "file": file,
        "at": at,
    }
    rows = tx.execute(ADD, params).fetchall()
    return [
        ListedOptOut(optout_id=key, channel=Channel(channel), point=point, requested_at=at)
        for key, channel, point, at in rows
    ]


def known(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these objections were listed before."""
    query = "select optout_id from optout_listed where optout_id = any(%s)"
    return {row[0] for row in tx.execute(query, [list(ids)])} if ids else set()


def had_by_guests(tx: Tx, points: Sequence[str]) -> set[str]:
    """Those of these contact points that a guest has."""
    return {point for (point,) in tx.execute(HAD, {"points": list(points)})}


HAD = """
    select point from unnest(%(points)s::text[]) as asked (point), lateral (
        select from guest_known where emails && array[point] or numbers && array[point] limit 1
    ) as had
"""
ADD = """
    insert into optout_listed (optout_id, channel, point, scope, file, requested_at, listed_at)
    select distinct on (optout_id) optout_id, channel, point, %(scope)s, %(file)s, requested_at, %(at)s
    from unnest(%(optout_id)s::uuid[], %(channel)s::text[], %(point)s::text[], %(requested_at)s::timestamptz[])
        as said (optout_id, channel, point, requested_at)
    order by optout_id, requested_at desc
    on conflict do nothing
    returning optout_id, channel, point, requested_at
"""
