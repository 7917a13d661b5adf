"""What waits in messaging: messages and notices that are due, unclear outcomes, claims whose lease has run out; and who
sends.

«Due and not gone» is what nobody has claimed yet and what a sender did not take: an hour's back-off does not make a
message young again. Counted by lane from the front of each class of lane and priority, as a claim walks them.
"""

from __future__ import annotations

from services.messaging.store.senders.outages import BELIEVED_FOR, RUNNING, WAITS_FOR_IT
from services.messaging.store.sending.claims import CLASSES
from shared.bus.roles import MOST_COUNTED, Backlog
from shared.personal_data.retention.months_told import MONTHS

DUE_BY_LANE = f"""(
    with recursive class as ({CLASSES}), front as (
        select later, due.* from class, lateral (
            select min(next_at) as first, count(*) as due from (
                select next_at from delivery
                where state in ('queued', 'held') and (lane <> 'stay') = later and -priority = rank
                  and next_at <= %(now)s order by next_at, message_id limit {MOST_COUNTED}) as counted) as due
    ), lanes as (
        select lane, (select coalesce(sum(due), 0) from front where later = (lane <> 'stay')) as due,
               (select min(first) from front where later = (lane <> 'stay')) as due_since, (
                   select count(*) from (select from delivery where state = 'queued' and delivery.lane = known.lane
                                         and waiting_since is not null limit {MOST_COUNTED}) as waiting) as again,
               (select min(waiting_since) from delivery
                where state = 'queued' and delivery.lane = known.lane and waiting_since is not null) as again_since
        from (values ('stay'), ('marketing')) as known (lane)
    )
    select gauge, lane, value::float8 from lanes, lateral (values
        ('guestloop_due_deliveries', due),
        ('guestloop_retried_deliveries', again),
        ('guestloop_due_delivery_age_seconds', extract(epoch from %(now)s - least(due_since, again_since)))
    ) as told (gauge, value) where value is not null
    union all
    select 'guestloop_due_delivery_age_seconds', lane, 0 from lanes where num_nonnulls(due_since, again_since) = 0
)"""

BACKLOG = Backlog(
    {
        "guestloop_due_deliveries": f"Messages due and not yet claimed (counted up to {MOST_COUNTED} a priority)",
        "guestloop_retried_deliveries": "Messages that their sender did not take, and that are tried again",
        "guestloop_due_delivery_age_seconds": "For how long the oldest of both has not gone; 0 where there is none",
        "guestloop_senders_running": "Sender roles that are at work",
        "guestloop_sender_outage_age_seconds": "For how long a sender has taken nothing while messages wait for it",
        "guestloop_unknown_deliveries": "Messages of which nobody knows whether they went",
        "guestloop_unknown_delivery_age_seconds": "Age of the oldest of them; 0 where there is none",
        "guestloop_due_notice_age_seconds": "How late the oldest notice to a colleague is; 0 where there is none",
        "guestloop_expired_claims": "Claimed messages whose lease has run out and which nobody has settled",
        **MONTHS.meanings,
    },
    f"""
    {DUE_BY_LANE}
    union all
    {MONTHS.sql}
    union all
    select 'guestloop_senders_running', null, {RUNNING}
    union all
    select 'guestloop_sender_outage_age_seconds', null, coalesce(extract(epoch from %(now)s - (
        select min(since) from sender_outage as outage
        where last_at >= %(now)s - interval '{BELIEVED_FOR.total_seconds()} seconds'
          and exists (select from delivery where {WAITS_FOR_IT})
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
