"""Enrolments that wait for a happening: what happened is kept, and those who wait for it are woken, in sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.campaigns.steps.kind import Moment
from shared.database.pool import Tx
from shared.rows import row

LONGEST_WAIT = timedelta(days=365)
KEPT_FOR = LONGEST_WAIT + timedelta(days=35)  # a journey may have been paused meanwhile


@row
class Happening:
    """Something that happened to a guest, and to which of their stays, where the event names one."""

    guest_id: UUID
    what: str
    at: datetime
    stay_id: UUID | None = None


def add_awaited(tx: Tx, journey: str, version: int, whats: Sequence[str]) -> None:
    tx.execute(
        "insert into journey_awaits (journey, version, what) select %s, %s, unnest(%s::text[])",
        [journey, version, list(whats)],
    )


def journeys_awaiting(tx: Tx, whats: Sequence[str]) -> dict[str, list[str]]:
    """By what they wait for, the running journeys with a version that does."""
    rows = tx.execute(
        """
        select awaits.what, array_agg(distinct awaits.journey)
        from journey_awaits awaits join journey on journey.key = awaits.journey
        where awaits.what = any(%s) and journey.state in ('live', 'paused')
        group by awaits.what
        """,
        [list(whats)],
    )
    return dict(rows.fetchall())


def keep_happenings(tx: Tx, happenings: Sequence[Happening]) -> None:
    """Keeps each once, and drops what no step waits for any more of the same guests."""
    tx.execute(
        """
        with new as (
            select * from unnest(%(guests)s::uuid[], %(whats)s::text[], %(instants)s::timestamptz[], %(stays)s::uuid[])
                as new (guest_id, what, at, stay_id)
        ), dropped as (
            delete from awaited_happening old using new
            where old.guest_id = new.guest_id and old.what = new.what and old.at < new.at - %(kept_for)s::interval
        )
        insert into awaited_happening (guest_id, what, at, stay_id)
        select guest_id, what, at, stay_id from new order by guest_id, what, at, stay_id
        on conflict do nothing
        """,
        {**_columns(happenings), "kept_for": KEPT_FOR},
    )


def wake(tx: Tx, happenings: Sequence[Happening], journeys: Sequence[str]) -> int:
    """Those who wait for one of them are due at its instant; how many were woken. Whether it counts, the step decides.

    The enrolments are locked before they are looked at: where a timer of one is just firing, this statement waits for
    it, and the next one sees whether the enrolment waits still, or only now.
    """
    columns = _columns(happenings)
    tx.execute(
        """
        select from enrolment
        where guest_id = any(%(guests)s) and journey = any(%(journeys)s) and state in ('waiting', 'paused')
        order by id for update
        """,
        {**columns, "journeys": list(journeys)},
    )
    return tx.execute(
        """
        update enrolment set due_at = greatest(first.at, awaits_since)
        from (
            select guest_id, what, min(at) as at
            from unnest(%(guests)s::uuid[], %(whats)s::text[], %(instants)s::timestamptz[]) as new (guest_id, what, at)
            group by guest_id, what
        ) as first
        where awaits = first.what and enrolment.guest_id = first.guest_id
          and due_at > greatest(first.at, awaits_since)
        """,
        columns,
    ).rowcount


def lock_own(tx: Tx, messages: Sequence[str]) -> None:
    tx.execute(
        """
        select from enrolment where id in (select enrolment_id from message where id = any(%s::uuid[]))
          and state in ('waiting', 'paused')
        order by id for update
        """,
        [list(messages)],
    )


def wake_own(tx: Tx, what: str, messages: Sequence[str], instants: Sequence[str]) -> None:
    """Who waits for something to become of their message, or of any, is due at its instant; locked as by `wake`."""
    lock_own(tx, messages)
    tx.execute(
        """
        update enrolment set due_at = greatest(first.at, awaits_since)
        from (
            select enrolment_id, step, min(new.at) as at
            from unnest(%s::uuid[], %s::timestamptz[]) as new (id, at) join message using (id)
            group by enrolment_id, step
        ) as first
        where enrolment.id = first.enrolment_id and awaits in (%s, %s || ':' || first.step)
          and due_at > greatest(first.at, awaits_since)
        """,
        [list(messages), list(instants), what, what],
    )


def moments_of(tx: Tx, guests: Sequence[UUID], whats: Sequence[str]) -> dict[tuple[UUID, str], list[Moment]]:
    """By guest and what happened, each time it did, the earliest first."""
    rows = tx.execute(
        """
        select guest_id, what, at, stay_id from awaited_happening
        where guest_id = any(%s) and what = any(%s) order by at, stay_id
        """,
        [list(guests), list(whats)],
    )
    found: dict[tuple[UUID, str], list[Moment]] = {}
    for guest, what, at, stay in rows:
        found.setdefault((guest, what), []).append(Moment(at, stay))
    return found


def _columns(happenings: Sequence[Happening]) -> dict[str, list[object]]:
    return {
        "guests": [one.guest_id for one in happenings],
        "whats": [one.what for one in happenings],
        "instants": [one.at for one in happenings],
        "stays": [one.stay_id for one in happenings],
    }
