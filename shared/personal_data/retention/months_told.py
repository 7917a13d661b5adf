"""What Prometheus is told of the tables of a service that are kept by month (`shared.database.months`)."""

from __future__ import annotations

from shared.bus.roles import Backlog

MONTHS = Backlog(
    {
        "guestloop_months_kept": "Parts of the table with the most of them, of those that are kept by month",
        "guestloop_months_ahead_seconds": "For how long ahead the months of all of them are made",
    },
    """(
    with parts as (
        select inhparent, (regexp_match(pg_get_expr(relpartbound, oid), $$TO \\('([^']+)'\\)$$))[1]::timestamptz as ends
        from pg_inherits join pg_class on oid = inhrelid
        where inhparent in (select partrelid from pg_partitioned_table)
    ), kept as (
        select count(ends) as months, coalesce(extract(epoch from max(ends) - %(now)s), 0) as ahead
        from parts group by inhparent
    )
    select gauge, null, value::float8
    from (select max(months) as most, min(ahead) as least from kept) as known, lateral (
        values ('guestloop_months_kept', most), ('guestloop_months_ahead_seconds', greatest(least, 0))
    ) as told (gauge, value)
)""",
)
