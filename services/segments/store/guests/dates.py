"""Guests' days of the house's own dates, read and written in sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.segments.store.house_dates import house_dates
from services.segments.store.sets import columns
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.rows import row


@row
class GuestDate:
    """`said_at`: of two files that which was said later counts. `by_hand`: no file changes it."""

    guest_id: UUID
    date_key: str
    on_date: date
    by_hand: bool
    said_at: datetime
    said_by: str


def days_of(tx: Tx, guests: Collection[UUID]) -> dict[UUID, dict[str, date]]:
    """By guest and date, of those in use."""
    query = """
        select g.guest_id, g.date_key, g.on_date from guest_date g join house_date d on d.key = g.date_key
        where g.guest_id = any(%s) and d.retired_at is null
    """
    found: dict[UUID, dict[str, date]] = {}
    for guest, key, day in tx.execute(query, [list(guests)]):
        found.setdefault(guest, {})[key] = day
    return found


def days_seen(tx: Tx, guests: Collection[UUID], scope: Scope) -> dict[UUID, dict[str, date]]:
    """The same, of the whole house's and of the hotels in the scope."""
    seen = {one.key for one in house_dates(tx, scope)}
    found = days_of(tx, guests)
    return {guest: {key: day for key, day in days.items() if key in seen} for guest, days in found.items()}


@row
class NextDay:
    """The next day a date falls on. `is_leap_day`: its own day is a 29 February."""

    day: date
    yearly: bool
    is_leap_day: bool


def next_days(tx: Tx, guests: Mapping[UUID, date], keys: Collection[str]) -> dict[UUID, dict[str, NextDay]]:
    """`guests`: each with the day it is there. By guest and date the next day it falls on, that day included."""
    query = """
        select g.guest_id, g.date_key, next_day_of(g.on_date, g.md, g.lunar_md, t.today), d.yearly,
            g.md is not distinct from 229
        from unnest(%(guests)s::uuid[], %(days)s::date[]) as t (guest_id, today)
        join guest_date g on g.guest_id = t.guest_id and g.date_key = any(%(keys)s)
        join house_date d on d.key = g.date_key
        where next_day_of(g.on_date, g.md, g.lunar_md, t.today) is not null
    """
    asked = {"guests": list(guests), "days": list(guests.values()), "keys": list(keys)}
    found: dict[UUID, dict[str, NextDay]] = {}
    for guest, key, day, yearly, is_leap_day in tx.execute(query, asked):
        found.setdefault(guest, {})[key] = NextDay(day, yearly, is_leap_day)
    return found


NAMES = ("guest_id", "date_key", "on_date", "by_hand", "said_at", "said_by")


def save_days(tx: Tx, days: Sequence[GuestDate]) -> set[UUID]:
    """Each guest and date once; whose changed. The guests are locked.

    What somebody said of the guest stands before what a file says, and the later file before the earlier one.
    """
    statement = """
        insert into guest_date as old (guest_id, date_key, on_date, md, lunar_md, by_hand, said_at, said_by)
        select t.guest_id, t.date_key, t.on_date,
            case when d.yearly and not d.lunar
                then extract(month from t.on_date)::int * 100 + extract(day from t.on_date)::int end,
            case when d.lunar then lunar_md(t.on_date) end, t.by_hand, t.said_at, t.said_by
        from unnest(%(guest_id)s::uuid[], %(date_key)s::text[], %(on_date)s::date[], %(by_hand)s::bool[],
                    %(said_at)s::timestamptz[], %(said_by)s::text[])
             as t (guest_id, date_key, on_date, by_hand, said_at, said_by)
        join house_date d on d.key = t.date_key and d.retired_at is null
        on conflict (guest_id, date_key) do update
        set on_date = excluded.on_date, md = excluded.md, lunar_md = excluded.lunar_md, by_hand = excluded.by_hand,
            said_at = excluded.said_at, said_by = excluded.said_by
        where old.on_date <> excluded.on_date
            and (excluded.by_hand or (not old.by_hand and excluded.said_at >= old.said_at))
        returning guest_id
    """
    if not days:
        return set()
    values = [tuple(getattr(one, name) for name in NAMES) for one in days]
    return {guest for (guest,) in tx.execute(statement, columns(NAMES, values))}


def moving(tx: Tx, days: Sequence[GuestDate]) -> set[tuple[UUID, str]]:
    """Of which guests and dates another day is known that these replace, by which somebody is in a segment that a
    journey enters by."""
    query = """
        select d.guest_id, d.date_key
        from unnest(%(guest_id)s::uuid[], %(date_key)s::text[], %(on_date)s::date[], %(by_hand)s::bool[],
                    %(said_at)s::timestamptz[], %(said_by)s::text[])
             as t (guest_id, date_key, on_date, by_hand, said_at, said_by)
        join guest_date d on d.guest_id = t.guest_id and d.date_key = t.date_key and d.on_date <> t.on_date
            and (t.by_hand or (not d.by_hand and t.said_at >= d.said_at))
        where exists (
            select from membership m join segment s on s.number = any(m.segments)
            where m.guest_id = d.guest_id and s.private and starts_with(s.key, 'journeys-own-' || d.date_key || '-'))
    """
    if not days:
        return set()
    values = [tuple(getattr(one, name) for name in NAMES) for one in days]
    return set(tx.execute(query, columns(NAMES, values)).fetchall())


def remove_days(tx: Tx, days: Collection[tuple[UUID, str]]) -> None:
    """By guest and date."""
    statement = """
        delete from guest_date d using unnest(%s::uuid[], %s::text[]) as t (guest_id, date_key)
        where d.guest_id = t.guest_id and d.date_key = t.date_key
    """
    tx.execute(statement, [[guest for guest, _ in days], [key for _, key in days]])
