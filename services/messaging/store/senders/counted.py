"""What each sender sent a day, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shared.database.pool import Tx

KEPT_DAYS = 200  # as far as a chart of half a year


@dataclass(frozen=True)
class Count:
    """`counted_to`: the last day that is counted."""

    counted_to: date
    next_at: datetime


def next_count(tx: Tx) -> datetime | None:
    """None where nothing was counted yet."""
    row = tx.execute("select next_at from sender_count").fetchone()
    return row[0] if row else None


def claim(tx: Tx, at: datetime, since: date) -> Count | None:
    """Where it is due, and nobody else counts just now. `since`: the day before the first that is counted ever."""
    tx.execute("insert into sender_count (counted_to, next_at) values (%s, %s) on conflict do nothing", [since, at])
    found = tx.rows(
        Count, "select counted_to, next_at from sender_count where next_at <= %s for update skip locked", [at]
    )
    return found[0] if found else None


def keep(tx: Tx, counted_to: date, next_at: datetime) -> None:
    tx.execute("update sender_count set counted_to = %s, next_at = %s", [counted_to, next_at])


def days_of(tx: Tx, first: date, after: date) -> list[tuple[Any, ...]]:
    """Sender, purpose, day, name, channel, sent, bounced and complained, of these days, the last one not among them. A
    message counts on the day it was handed over, what came back on the day it was reported."""
    return tx.execute(DAYS, {"first": first, "after": after}).fetchall()


def all_days(tx: Tx, after: tuple[Any, ...] | None, most: int) -> list[tuple[Any, ...]]:
    """The same of every day that is counted, the next by sender, purpose and day."""
    query = f"""
        select * from ({DAYS}) as counted (sender, purpose, day, name, channel, sent, bounced, complained)
        where %(key)s::text is null or (sender, purpose, day) > (%(key)s, %(purpose)s, %(day)s::date)
        order by sender, purpose, day limit %(most)s
    """
    row = tx.execute("select counted_to from sender_count").fetchone()
    if row is None:
        return []
    key, purpose, day = after or (None, None, None)
    values = {"first": row[0] - timedelta(days=KEPT_DAYS), "after": row[0] + timedelta(days=1)}
    return tx.execute(query, {**values, "key": key, "purpose": purpose, "day": day, "most": most}).fetchall()


DAYS = """
    with told as (
        select sender_id, channel, purpose, (claimed_at at time zone 'UTC')::date as day, 1 as sent, 0 as bounced,
            0 as complained
        from delivery
        where state = 'sent' and claimed_at >= %(first)s::timestamp at time zone 'UTC'
          and claimed_at < %(after)s::timestamp at time zone 'UTC'
        union all
        select sender_id, receipt.channel, purpose, (reported_at at time zone 'UTC')::date, 0,
            (receipt.state = 'bounced')::int, (receipt.state = 'complained')::int
        from receipt join delivery using (message_id)
        where receipt.state in ('bounced', 'complained') and reported_at >= %(first)s::timestamp at time zone 'UTC'
          and reported_at < %(after)s::timestamp at time zone 'UTC'
    )
    select coalesce(told.sender_id::text, told.channel) as sender, purpose, day, coalesce(max(sender.name), ''),
        told.channel, sum(sent)::int, sum(bounced)::int, sum(complained)::int
    from told left join sender on sender.sender_id = told.sender_id
    group by 1, 2, 3, told.channel order by 1, 2, 3
"""
