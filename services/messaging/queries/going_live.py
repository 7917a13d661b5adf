"""Whom the switch out of the sandbox concerns, and what would leave first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row

WENT_LIVE_AFTER = "(select since from live_period where useful_until = since - interval '1 microsecond')"
"""When the house went live, of a message whose use was ended by that (`store.going_live`); null for the others."""


@row
class First:
    """The next message that would leave, before checks. `zone`: where its hour is meant."""

    guest_id: UUID
    given_name: str
    family_name: str
    journey: str
    at: datetime
    zone: str


def reachable(tx: Tx, channels: Sequence[str]) -> tuple[int, int]:
    """How many guests may be written to by one of these channels: about their stay, and with offers."""
    row = tx.execute(
        """
        with point as (
            select distinct guest_id, channel from channel_point
            where channel = any(%(channels)s) and kind <> 'bad' and (channel, point) not in (
                select channel, point from suppression where purpose = 'all')
        ), reached as (
            select guest_id, channel from point join recipient using (guest_id)
            where gone is null and version > 0 and do_not_contact is null
        )
        select count(distinct guest_id), count(distinct guest_id) filter (where exists (
            select from consent where consent.guest_id = reached.guest_id and consent.channel = reached.channel
              and purpose = 'marketing' and state in ('express', 'existing_customer')))
        from reached
        """,
        {"channels": list(channels)},
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def planned(tx: Tx, channels: Sequence[str], since: datetime, until: datetime) -> tuple[int, First | None]:
    """How many messages are due then, before checks, and the first of them."""
    where = """
        state in ('queued', 'held') and due_at >= %(since)s and next_at < %(until)s and channels <@ %(channels)s
    """
    values = {"channels": list(channels), "since": since, "until": until}
    count = tx.execute(f"select count(*) from delivery where {where}", values).fetchone()
    first = tx.rows(
        First,
        f"""
        select guest_id, given_name, family_name, coalesce(journey, '') as journey, next_at as at, zone
        from delivery join recipient using (guest_id) where {where} order by next_at, message_id limit 1
        """,
        values,
    )
    assert count is not None
    return count[0], next(iter(first), None)


def past(tx: Tx, channels: Sequence[str], at: datetime) -> int:
    """How many messages wait that were due before, and will not be sent."""
    query = """
        select count(*) from delivery where state in ('queued', 'held') and due_at < %s and channels <@ %s
    """
    row = tx.execute(query, [at, list(channels)]).fetchone()
    assert row is not None
    return int(row[0])
