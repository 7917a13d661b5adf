"""Stays as they were, in a scratch copy; what lies in `public` is how they stand today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.segments.store.guests.stays import NAMES
from shared.database.pool import Tx

UNTOLD = ("checked_in_at", "checked_out_at", "checked_out_on", "ended_at", "ended_on")
AT_FIRST = {"status": "'booked'", **dict.fromkeys(UNTOLD, "null")}


def rewind_stays(tx: Tx, at: datetime) -> list[UUID]:
    """Those booked later are gone, those that turned later have not yet. Whose they are."""
    rows = tx.execute(
        """
        select distinct guest_id from stay
        where booked_at > %(at)s or checked_in_at > %(at)s or checked_out_at > %(at)s or ended_at > %(at)s
        order by guest_id
        """,
        {"at": at},
    ).fetchall()
    tx.execute("delete from stay where booked_at > %s", [at])
    tx.execute(
        """
        update stay set status = case when checked_in_at <= %(at)s then 'checked_in' else 'booked' end,
            checked_in_at = case when checked_in_at <= %(at)s then checked_in_at end,
            checked_out_at = null, checked_out_on = null, ended_at = null, ended_on = null
        where checked_in_at > %(at)s or checked_out_at > %(at)s or ended_at > %(at)s
        """,
        {"at": at},
    )
    return [guest for (guest,) in rows]


def hide_guests(tx: Tx, at: datetime) -> None:
    """Whose first stay was booked later: nobody knew them."""
    tx.execute(
        """
        update guest set erased_at = %(at)s where erased_at is null and id in (
            select guest_id from public.stay group by guest_id having min(booked_at) > %(at)s)
        """,
        {"at": at},
    )


def turned(tx: Tx, at: datetime, until: datetime) -> list[tuple[UUID, str, datetime]]:
    """What became of stays within these days: which one, its status from then on, and when."""
    return tx.execute(
        """
        select id, status, instant from (
            select id, 'booked' as status, booked_at as instant from public.stay
            union all select id, 'checked_in', checked_in_at from public.stay
            union all select id, 'checked_out', checked_out_at from public.stay
            union all select id, status, ended_at from public.stay where status in ('cancelled', 'no_show')
        ) as told
        where instant > %(at)s and instant <= %(until)s order by instant, id
        """,
        {"at": at, "until": until},
    ).fetchall()


def reveal(tx: Tx, stays: Sequence[UUID]) -> None:
    """They are booked, and their guests are known from then on."""
    values = ", ".join(AT_FIRST.get(name, name) for name in NAMES)
    tx.execute(
        f"""
        insert into stay ({", ".join(NAMES)}) select {values} from public.stay where id = any(%(stays)s)
        on conflict do nothing
        """,
        {"stays": list(stays)},
    )
    tx.execute(
        """
        update guest set erased_at = null where id in (
            select guest_id from public.stay join public.guest as today on today.id = guest_id
            where stay.id = any(%(stays)s) and today.erased_at is null)
        """,
        {"stays": list(stays)},
    )
