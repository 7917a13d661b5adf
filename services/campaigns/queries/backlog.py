"""What waits in campaigns: timers that have run out and have not fired yet."""

from __future__ import annotations

from shared.bus.roles import MOST_COUNTED, Backlog

BACKLOG = Backlog(
    {
        "guestloop_due_timers": f"Timers that have run out and have not fired yet (counted up to {MOST_COUNTED})",
        "guestloop_due_timer_age_seconds": "How late the oldest of them is; 0 where there is none",
    },
    f"""
    select 'guestloop_due_timers', lane, (
        select count(*) from (
            select from enrolment where state = 'waiting' and enrolment.lane = lanes.lane and due_at <= %(now)s
            limit {MOST_COUNTED}
        ) as due
    )
    from (values ('stay'), ('marketing')) as lanes (lane)
    union all
    select 'guestloop_due_timer_age_seconds', lane, coalesce((
        select extract(epoch from %(now)s - due_at) from enrolment
        where state = 'waiting' and enrolment.lane = lanes.lane and due_at <= %(now)s order by due_at limit 1
    ), 0)
    from (values ('stay'), ('marketing')) as lanes (lane)
    """,
)
