"""When something happened to a guest last: exits and forks by event ask for it, in whatever order it is handled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx

GuestEvent = tuple[UUID, str]


def note_happenings(tx: Tx, event: str, guests: Sequence[str], instants: Sequence[str]) -> None:
    tx.execute(
        """
        insert into guest_happening (guest_id, event, last_at)
        select guest_id, %s, max(last_at) from unnest(%s::uuid[], %s::timestamptz[]) as new (guest_id, last_at)
        group by guest_id order by guest_id
        on conflict (guest_id, event) do update set last_at = excluded.last_at
        where guest_happening.last_at < excluded.last_at
        """,
        [event, list(guests), list(instants)],
    )


def last_happenings(tx: Tx, guests: Sequence[UUID], events: Sequence[str]) -> dict[GuestEvent, datetime]:
    rows = tx.execute(
        "select guest_id, event, last_at from guest_happening where guest_id = any(%s) and event = any(%s)",
        [list(guests), list(events)],
    )
    return {(guest, event): last for guest, event, last in rows}
