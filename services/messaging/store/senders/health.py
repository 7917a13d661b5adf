"""How the house's senders fare: which rest after failures, which showed that they work, what warm-ups have taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import named_row


@named_row
class SenderHealth:
    """`failures`: since it last took a message; `worked_version`: as it was set up when it last showed that it
    works."""

    sender_id: UUID
    failures: int
    resting_until: datetime | None
    trouble_reason: str | None
    trouble_detail: str | None
    trouble_at: datetime | None
    worked_at: datetime | None
    worked_version: int | None


def health_of_all(tx: Tx) -> dict[UUID, SenderHealth]:
    """By sender, of those that ever failed or showed that they work."""
    rows = tx.rows(
        SenderHealth,
        """
        select sender_id, failures, resting_until, trouble_reason, trouble_detail, trouble_at, worked_at, worked_version
        from sender_health
        """,
    )
    return {one.sender_id: one for one in rows}


def note_trouble(
    tx: Tx, sender_id: UUID, reason: str, detail: str | None, at: datetime, *, first: timedelta, last: timedelta
) -> None:
    """It rests, twice as long with every failure that follows a rest; what fails while it rests is the same trouble."""
    tx.execute(
        """
        insert into sender_health as known (sender_id, failures, resting_until, trouble_reason, trouble_detail,
                                            trouble_at)
        values (%(sender)s, 1, %(at)s + %(first)s, %(reason)s, %(detail)s, %(at)s)
        on conflict (sender_id) do update set failures = known.failures + 1, trouble_reason = excluded.trouble_reason,
            trouble_detail = excluded.trouble_detail, trouble_at = %(at)s,
            resting_until = %(at)s + least(%(first)s * power(2, least(known.failures, 10)), %(last)s)
        where known.resting_until is null or known.resting_until <= %(at)s
        """,
        {"sender": sender_id, "reason": reason, "detail": detail, "at": at, "first": first, "last": last},
    )


def note_work(tx: Tx, sender_id: UUID, version: int, at: datetime) -> None:
    """It took a message: it rests no longer."""
    tx.execute(
        """
        insert into sender_health (sender_id, worked_at, worked_version) values (%(sender)s, %(at)s, %(version)s)
        on conflict (sender_id) do update
            set failures = 0, resting_until = null, worked_at = %(at)s, worked_version = %(version)s
        """,
        {"sender": sender_id, "version": version, "at": at},
    )


def wake(tx: Tx, sender_id: UUID) -> None:
    """Somebody changed it: it is tried at once."""
    tx.execute("update sender_health set failures = 0, resting_until = null where sender_id = %s", [sender_id])


def lock_taken(tx: Tx, ids: Sequence[UUID], day: date) -> dict[UUID, int]:
    """What these senders were given on that day; another claimer waits until this transaction ends."""
    tx.execute(
        """
        insert into sender_day (sender_id, day, taken) select id, %s, 0 from unnest(%s::uuid[]) as id order by id
        on conflict do nothing
        """,
        [day, sorted(ids)],
    )
    query = (
        "select sender_id, taken from sender_day where day = %s and sender_id = any(%s) order by sender_id for update"
    )
    return dict(tx.execute(query, [day, list(ids)]).fetchall())


def add_taken(tx: Tx, counts: Mapping[UUID, int], day: date) -> None:
    """Counts below zero give back."""
    tx.execute(
        """
        update sender_day set taken = greatest(taken + said.count, 0)
        from unnest(%s::uuid[], %s::int[]) as said (sender_id, count)
        where sender_day.sender_id = said.sender_id and day = %s
        """,
        [list(counts), list(counts.values()), day],
    )


def taken_on(tx: Tx, day: date) -> dict[UUID, int]:
    return dict(tx.execute("select sender_id, taken from sender_day where day = %s", [day]).fetchall())
