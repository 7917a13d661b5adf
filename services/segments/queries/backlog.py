"""What waits in segments: files to import, days that have turned and were not swept, guests to evaluate."""

from __future__ import annotations

from shared.bus.roles import Backlog

BACKLOG = Backlog(
    {
        "guestloop_waiting_imports": "Files handed in and not yet entered to their last row",
        "guestloop_waiting_import_age_seconds": "Age of the oldest of them; 0 where there is none",
        "guestloop_due_sweep_age_seconds": "Since when a turn of the day waits for its sweep; 0 where none is due",
        "guestloop_waiting_ranges": "Ranges of guests to evaluate: of everybody after a change of rules, and of a day "
        "that turned for very many",
    },
    """
    select 'guestloop_waiting_imports', null, count(*) from import_file where state in ('queued', 'running')
    union all
    select 'guestloop_waiting_import_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select min(handed_in_at) from import_file where state in ('queued', 'running')
    )), 0)
    union all
    select 'guestloop_due_sweep_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select least(
            (select min(next_at) from zone_sweep where next_at <= %(now)s), (select min(planned_at) from sweep_part)
        )
    )), 0)
    union all
    select 'guestloop_waiting_ranges', null,
        (select count(*) from evaluation_range) + (select count(*) from sweep_part)
    """,
)
