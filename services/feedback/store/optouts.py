"""Objections that came in as a file, each contact point once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Listed:
    optout_id: UUID
    channel: str
    point: str
    requested_at: datetime


def add(tx: Tx, listed: Sequence[Listed], scope: str, file: str, at: datetime) -> list[Listed]:
    """Those that are new."""
    params = {
        "optout_id": [one.optout_id for one in listed],
        "channel": [one.channel for one in listed],
        "point": [one.point for one in listed],
        "requested_at": [one.requested_at for one in listed],
        "scope": scope,
        "file": file,
        "at": at,
    }
    return tx.rows(Listed, ADD, params)


ADD = """
    insert into optout_listed (optout_id, channel, point, scope, file, requested_at, listed_at)
    select distinct on (optout_id) optout_id, channel, point, %(scope)s, %(file)s, requested_at, %(at)s
    from unnest(%(optout_id)s::uuid[], %(channel)s::text[], %(point)s::text[], %(requested_at)s::timestamptz[])
        as said (optout_id, channel, point, requested_at)
    order by optout_id, requested_at desc
    on conflict do nothing
    returning optout_id, channel, point, requested_at
"""
