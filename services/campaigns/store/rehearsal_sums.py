"""What a rehearsal's report is read from: sums, made once with its last line, so that a page costs the same however
many guests there are.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.store.rehearsal_pace import EXPECTED, PACE, Scale
from shared.database.pool import Tx

LAST = """
    select distinct on (message_id) line.* from rehearsal_line line
    where rehearsal_id = %(id)s order by message_id, number desc
"""
"""The gate's last word on each message."""
SEEN_BY = """
    case when line.property is null then array(
        select distinct stay.property from stay_known stay where stay.guest_id = line.guest_id order by stay.property
    ) else '{}' end as seen_by
"""
"""A line of no one hotel is seen where its guest stays: looked up line by line, since joined with all such guests at
once their stays were gathered anew for each line."""


def add_up(tx: Tx, id_: UUID) -> None:
    tx.execute(
        f"""
        insert into rehearsal_sum (rehearsal_id, day, hour, journey, step, template, channel, language, state, reason,
            property, seen_by, messages, parts, cost, currency, unpriced)
        select %(id)s, day, hour, journey, step, template, channel, language, state, reason, property, seen_by,
               count(*), sum(parts), coalesce(sum(cost), 0), currency,
               count(*) filter (where state = 'sent' and cost is null)
        from (select line.*, {SEEN_BY} from ({LAST}) as line) as told
        group by day, hour, journey, step, template, channel, language, state, reason, property, seen_by, currency
        """,
        {"id": id_},
    )
    tx.execute(
        f"""
        insert into rehearsal_verdict (rehearsal_id, waits, journey, state, reason, channel, property, seen_by,
            messages, guests, parts)
        select %(id)s, false, journey, state, reason, case when state in ('sent', 'held') then channel end, property,
               seen_by, count(*), count(distinct guest_id), sum(parts)
        from (select line.*, {SEEN_BY} from ({LAST}) as line) as told
        group by journey, state, reason, 6, property, seen_by
        union all
        select %(id)s, true, journey, state, reason, null, property, seen_by,
               count(distinct message_id), count(distinct guest_id), 0
        from (select line.*, {SEEN_BY} from rehearsal_line line
              where rehearsal_id = %(id)s and state = 'held') as told
        group by journey, state, reason, property, seen_by
        """,
        {"id": id_},
    )


def expect(tx: Tx, id_: UUID, at: datetime, until: datetime, scale: Scale) -> None:
    """What bookings at the usual pace would bring beside it."""
    values = {"id": id_, "at": at, "until": until, "first": at.date(), "last": until.date(), **scale.values}
    tx.execute(PACE, values)
    tx.execute(EXPECTED, values)
