"""How many are in each segment, and were, day by day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from shared.database.pool import Tx

KEPT = timedelta(days=400)
# Of the statement that evaluates: by `more` (segment, members) sizes differ from before.
ADDED = """
    locked as (
        select z.number from segment_size z
        where z.number in (select segment from more)
        order by z.number for no key update
    ),
    counted as (
        update segment_size z set members = z.members + more.members
        from locked, more
        where z.number = locked.number and more.segment = z.number
    )
"""
# Of everybody several evaluate at once: each notes what it adds, and waits for nobody's sizes with guests in hand.
NOTED = """
    noted as (
        insert into segment_size_change (id, number, members)
        select made.id, segment, members from more cross join (select gen_random_uuid() as id offset 0) as made
        where members <> 0
    )
"""


def add_changes(tx: Tx) -> None:
    """Adds what evaluated ranges noted. A transaction of its own: others hold sizes and wait for guests."""
    tx.execute(
        """
        with taken as (delete from segment_size_change returning number, members),
        more as (select number, sum(members) as members from taken group by number),
        locked as (
            select z.number from segment_size z
            where z.number in (select number from more)
            order by z.number for no key update
        )
        update segment_size z set members = z.members + more.members
        from locked join more using (number)
        where z.number = locked.number
        """
    )


def next_size_day(tx: Tx) -> datetime | None:
    """When the sizes are to be kept next: as a day (UTC) begins; None while there is no segment."""
    row = tx.execute("select max(day), (select min(created_at) from segment) from segment_size_day").fetchone()
    assert row is not None, "aggregates return a row"
    last, first_made = row
    if last is None:
        made: datetime | None = first_made
        return made
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def keep_sizes(tx: Tx, now: datetime) -> None:
    tx.execute(
        """
        with over as (delete from segment_size_day where day < %(kept)s)
        insert into segment_size_day (number, day, members)
        select z.number, %(day)s, z.members
        from segment_size z join segment s on s.number = z.number
        where s.retired_at is null
        on conflict do nothing
        """,
        {"day": now.astimezone(UTC).date(), "kept": (now - KEPT).date()},
    )
    _keep_reach(tx, now)


def _keep_reach(tx: Tx, now: datetime) -> None:
    """How many of each could be reached, in one pass; nothing where the segments that say it are not live."""
    tx.execute(
        """
        update segment_size_day d set email = n.email, sms = n.sms, whatsapp = n.whatsapp
        from (
            select s.segment, count(*) filter (where r.email) as email, count(*) filter (where r.sms) as sms,
                case when r.asks_whatsapp then count(*) filter (where r.whatsapp) end as whatsapp
            from (
                select m.segments, m.segments @> array[k.email] as email, m.segments @> array[k.sms] as sms,
                    m.segments @> array[k.whatsapp] as whatsapp, k.whatsapp is not null as asks_whatsapp
                from membership m, (
                    select (select number from segment where key = 'reachable-by-email') as email,
                        (select number from segment where key = 'reachable-by-sms') as sms,
                        (select number from segment where key = 'reachable-by-whatsapp') as whatsapp
                ) as k
                where k.email is not null and k.sms is not null
                offset 0
            ) as r
            cross join unnest(r.segments) as s (segment)
            group by s.segment, r.asks_whatsapp
        ) as n
        where d.number = n.segment and d.day = %s
        """,
        [now.astimezone(UTC).date()],
    )
