"""What waits in messaging: messages and notices that are due, unclear outcomes, claims whose lease has run out."""

from __future__ import annotations

from shared.bus.roles import MOST_COUNTED, Backlog

BACKLOG = Backlog(
    {
        "guestloop_due_deliveries": f"Messages due and not yet claimed (counted up to {MOST_COUNTED})",
        "guestloop_due_delivery_age_seconds": "How late the oldest of them is; 0 where there is none",
        "guestloop_unknown_deliveries": "Messages of which nobody knows whether they went",
        "guestloop_unknown_delivery_age_seconds": "Age of the oldest of them; 0 where there is none",
        "guestloop_due_notice_age_seconds": "How late the oldest notice to a colleague is; 0 where there is none",
        "guestloop_expired_claims": "Claimed messages whose lease has run out and which nobody has settled",
    },
    f"""
    select 'guestloop_due_deliveries', null, count(*) from (
        select from delivery where state in ('queued', 'held') and next_at <= %(now)s limit {MOST_COUNTED}
    ) as due
    union all
    select 'guestloop_due_delivery_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select min(next_at) from delivery where state in ('queued', 'held') and next_at <= %(now)s
    )), 0)
    union all
    select 'guestloop_unknown_deliveries', null, count(*) from (
        select from delivery where state = 'unknown' limit {MOST_COUNTED}
    ) as unclear
    union all
    select 'guestloop_unknown_delivery_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select min(changed_at) from delivery where state = 'unknown'
    )), 0)
    union all
    select 'guestloop_due_notice_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select min(next_at) from notice where state = 'queued' and next_at <= %(now)s
    )), 0)
    union all
    select 'guestloop_expired_claims', null, count(*) from (
        select from delivery where state = 'claimed' and lease_until <= %(now)s limit {MOST_COUNTED}
    ) as expired
    """,
)
