"""Stays, consents and contacts as they were, in a scratch copy, before days that have passed are judged once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx

FIRST_OF_STAYS = """
    select distinct on (stay ->> 'stay_id') (stay ->> 'stay_id')::uuid as stay_id, stay ->> 'type' as type
    from rehearsed_message where rehearsal_id = %(id)s and stay <> '{}'
    order by stay ->> 'stay_id', at, number
"""
REWOUND = (
    "delete from delivery where requested_at > %(at)s or state in ('queued', 'held', 'claimed')",
    "update delivery set claimed_at = null where claimed_at > %(at)s",
    f"""
    delete from stay_known using ({FIRST_OF_STAYS}) as told
    where stay_known.stay_id = told.stay_id and told.type = 'stay.booked.v1'
    """,
    f"""
    update stay_known set version = 0, checked_out_at = null,
        status = case when told.type = 'stay.checked_out.v1' and stay_known.checked_in_at <= %(at)s then 'checked_in'
                      else 'booked' end,
        checked_in_at = case when stay_known.checked_in_at <= %(at)s then stay_known.checked_in_at end
    from ({FIRST_OF_STAYS}) as told where stay_known.stay_id = told.stay_id
    """,
    "delete from suppression where since > %(at)s",
    """
    delete from consent where (guest_id, channel, purpose) in (
        select guest_id, channel, purpose from consent_ledger where recorded_at > %(at)s)
    """,
)
SAID = """
    insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at, expires_on)
    select distinct on (guest_id, channel, purpose)
           guest_id, channel, purpose, 1, state, source, source_ref, said_at, expires_on
    from consent_ledger where {which} order by guest_id, channel, purpose, id desc
    on conflict (guest_id, channel, purpose) do update set version = known.version + 1, state = excluded.state,
        source = excluded.source, source_ref = excluded.source_ref, said_at = excluded.said_at,
        expires_on = excluded.expires_on
"""
AS_IT_STOOD = SAID.format(
    which="""recorded_at <= %(at)s and (guest_id, channel, purpose) in (
        select guest_id, channel, purpose from consent_ledger where recorded_at > %(at)s)"""
)
WITHIN = SAID.format(which="recorded_at > %(since)s and recorded_at <= %(upto)s")
OBJECTED = """
    insert into suppression (channel, point, purpose, source, since)
    select channel, point, purpose, source, since from public.suppression
    where since > %(since)s and since <= %(upto)s on conflict do nothing
"""


def rewind(tx: Tx, id_: UUID, at: datetime) -> None:
    """An objection that was lifted since is not known any more."""
    for statement in (*REWOUND, AS_IT_STOOD):
        tx.execute(statement, {"id": id_, "at": at})


def said_at(tx: Tx, at: datetime, until: datetime) -> list[datetime]:
    """When somebody consented or objected within these days, in order."""
    rows = tx.execute(
        """
        select recorded_at from consent_ledger where recorded_at > %(at)s and recorded_at <= %(until)s
        union select since from public.suppression where since > %(at)s and since <= %(until)s order by 1
        """,
        {"at": at, "until": until},
    )
    return [instant for (instant,) in rows]


def say(tx: Tx, since: datetime, upto: datetime) -> None:
    """What was consented to and objected to between."""
    for statement in (WITHIN, OBJECTED):
        tx.execute(statement, {"since": since, "upto": upto})
