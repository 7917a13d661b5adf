"""Since when somebody is in a segment: kept of those alone of which some rule asks for how long it has been so.

Once it is kept of a segment it goes on being kept, until the segment is retired.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.database.pool import Tx


def keep_days(tx: Tx, keys: Collection[str]) -> None:
    """From now on; `fill_days` adds those who are in already."""
    tx.execute("update segment set days_kept = true where key = any(%s) and not days_kept", [sorted(keys)])


def fill_days(tx: Tx, timed: Sequence[int], guests: str) -> None:
    """Of those who are in already: since the log says so, else since they and the rule are known here. `guests`: an
    array as PostgreSQL writes it, of guests who are locked."""
    statement = """
        insert into membership_since (guest_id, segment, since)
        select m.guest_id, x.number, (coalesce(
                (select max(l.at) from membership_change l
                    where l.guest_id = m.guest_id and l.segment = x.number and l.entered),
                greatest(coalesce(x.evaluated_at, x.changed_at), g.created_at)) at time zone g.home_zone)::date
        from membership m
        join segment x on x.number = any(%(timed)s::int[]) and m.segments @> array[x.number]
        join guest g on g.id = m.guest_id
        where m.guest_id = any(%(guests)s::uuid[])
        on conflict do nothing
    """
    if timed:
        tx.execute(statement, {"timed": list(timed), "guests": guests})
