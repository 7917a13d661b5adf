"""How a claimed message ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row

CLAIMERS = 7261  # the space of advisory locks in which each running sender holds its number

STATE = """message_id, version, guest_id, journey, journey_version, step, occurrence, purpose, property, stay_id, lane,
           channel, state, reason, held_until, coalesce(parts, 0) as parts,
           case when state = 'sent' then (price * parts)::text end as cost,
           case when state = 'sent' and parts is not null then price_currency end as currency, language,
           extract(epoch from changed_at - coalesce(waiting_since, next_at))::float8 as waited"""
STATE_OF_ENDED = STATE.replace("next_at", "was_next_at")
"""Of a message whose row does not say any more since when it might go."""
WAYS = (
    *("request_version", "priority", "channels", "local_time", "useful_until", "wants", "holdout"),
    *("next_at", "claimer"),
)
"""By what a message finds its way, and what is in the way of it. Nobody asks it of one that went, which goes nowhere
else; what it holds of values is asked for an offer and for a stranger's contact point alone."""


@row
class MessageStatus:
    """One message's state as it stands after this transaction. `parts`: to pay, 0 where it was not handed over;
    `cost`: of one that went, None where the house has not said what it costs; `waited`: seconds since it might go."""

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    lane: str
    channel: str | None
    state: str
    reason: str | None
    held_until: datetime | None
    parts: int = 0
    cost: str | None = None
    currency: str | None = None
    language: str | None = None
    waited: float | None = None

    def row(self, at: datetime) -> tuple[Any, ...]:
        """In the order of PublishedMessage's fields."""
        return (
            self.message_id,
            self.version,
            self.guest_id,
            self.journey,
            self.journey_version,
            self.step,
            self.occurrence,
            self.purpose,
            self.property,
            self.stay_id,
            self.channel,
            self.state,
            self.reason,
            self.held_until,
            at,
            self.parts,
            self.cost,
            self.currency,
            self.language,
        )


def record_outcomes(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """What senders answered, where the claim is still the one of this token: asked of the rows as they are locked, and
    of no others, so that it costs the same however many messages there are. What ended belongs to no claim any more;
    that a message went is its delivery's to say and no decision's (`queries/decided.py`): it goes nowhere else
    afterwards, its ways are not kept, and its address is boxed. Of a scratch copy all that is decided is read from
    decisions."""
    return tx.rows(
        MessageStatus,
        f"""
        with said as materialized (
            select *, state = 'sent' and not %(scratch)s as went
            from unnest(%(message_id)s::uuid[], %(state)s::text[], %(reason)s::text[], %(ref)s::text[],
                        %(detail)s::text[], %(parts)s::int[]) with ordinality
                as said (message_id, state, reason, ref, detail, parts, place)
        ), locked as materialized (
            select message_id, next_at as was_next_at from delivery where message_id = any(%(message_id)s::uuid[])
                and claim_token = %(token)s and state in ('claimed', 'unknown')
                order by message_id for update
        ), ended as (
            update delivery set state = said.state, version = delivery.version + 1, reason = said.reason,
                provider_ref = said.ref, provider_detail = said.detail, parts = said.parts,
                claim_token = case when said.state = 'unknown' then claim_token end,
                lease_until = null, changed_at = %(at)s,
                says_sent = case when went then true end,
                {", ".join(f"{way} = case when not went then {way} end" for way in WAYS)},
                address_boxed = case when went then boxed(address_sealed, 'contact') end,
                address_sealed = case when not went or boxed(address_sealed, 'contact') is null then address_sealed end,
                "values" = case when not went or "values" ?| array['offer', 'point'] then "values" end
            from said join locked using (message_id) where delivery.message_id = said.message_id
            returning delivery.*, said.place, was_next_at
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, claimed_at, state, reason, channel,
                   case when state <> 'sent' then address_sealed end, language
            from ended where says_sent is null order by place
        )
        select {STATE_OF_ENDED} from ended order by place
        """,
        {**params, "scratch": tx.is_scratch},
    )


def give_up(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """Messages that were due and cannot be judged. A decision needs a language; English where none is known."""
    return tx.rows(
        MessageStatus,
        f"""
        with said as materialized (
            select * from unnest(%(message_id)s::uuid[], %(detail)s::text[]) as said (message_id, detail)
        ), ended as (
            update delivery set state = 'failed', reason = %(reason)s, provider_detail = said.detail,
                version = delivery.version + 1, held_until = null, changed_at = %(at)s
            from said where delivery.message_id = said.message_id and delivery.state in ('queued', 'held')
            returning delivery.*
        ), decided as (
            insert into decision (message_id, at, state, reason, language)
            select message_id, %(at)s, state, reason, coalesce(language, 'en') from ended order by message_id
        )
        select {STATE} from ended order by message_id
        """,
        params,
    )


def queue_again(tx: Tx, params: Mapping[str, Any]) -> list[UUID]:
    """Due again after a back-off; what was taken back meanwhile goes no further. `waits`: it was offered in vain.
    The messages that were ours to queue.
    """
    rows = tx.execute(
        """
        update delivery set state = case when taken_back is null then 'queued' else 'withdrawn' end,
            reason = taken_back,
            version = version + 1, claim_token = null, claimer = null, claimed_at = null,
            lease_until = null, changed_at = %(at)s,
            waiting_since = coalesce(waiting_since, case when %(waits)s then claimed_at end),
            next_at = %(at)s + least(%(first)s * power(2, least(attempts - 1, 10)), %(last)s)
        where message_id = any(%(message_id)s) and claim_token = %(token)s and state in ('claimed', 'unknown')
        returning message_id
        """,
        params,
    )
    return [row[0] for row in rows]


def suppress_points_of(tx: Tx, params: Mapping[str, Any]) -> None:
    """The contact points of these messages are suppressed for every purpose."""
    tx.execute(
        """
        insert into suppression (channel, point, purpose, source, since)
        select distinct channel, point, 'all', 'provider', %(at)s::timestamptz
        from delivery where message_id = any(%(message_id)s) and point is not null order by channel, point
        on conflict do nothing
        """,
        params,
    )


def where_it_went(tx: Tx, message_id: UUID) -> str | None:
    """The contact point of a message, as a blind index."""
    row = tx.execute("select point from delivery where message_id = %s", [message_id]).fetchone()
    return row[0] if row else None


def erased_guests_of(tx: Tx, messages: Sequence[UUID]) -> list[UUID]:
    """Whose messages these are, of those who are erased."""
    query = """
        select distinct guest_id from delivery join recipient using (guest_id)
        where message_id = any(%s) and gone = 'erased'
    """
    return [guest for (guest,) in tx.execute(query, [list(messages)])]


def give_up_leases(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """Claims whose lease ends by `until` and whose claimer holds its lock no longer: it is gone. The asker's own are
    abandoned where their lease has run out by `at`, but for those it has under way.
    """
    return tx.rows(
        MessageStatus,
        f"""
        with lost as (
            select claimer from (
                select distinct claimer from delivery where state = 'claimed' and lease_until <= %(until)s
            ) as known
            where claimer <> %(claimer)s and pg_try_advisory_xact_lock(%(space)s, claimer::int)
        ), ended as (
            update delivery set state = 'unknown', version = version + 1, reason = 'lease_expired', lease_until = null,
                changed_at = %(at)s
            where state = 'claimed' and claim_token <> all(%(under_way)s::uuid[])
                and (lease_until <= %(until)s and claimer in (select claimer from lost)
                     or lease_until <= %(at)s and claimer = %(claimer)s)
            returning *
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, claimed_at, state, reason, channel, address_sealed, language from ended
                order by message_id
        )
        select {STATE} from ended order by message_id
        """,
        params,
    )


def mark_uncertain(tx: Tx, params: Mapping[str, Any]) -> list[MessageStatus]:
    """After a restore: what was asked for and due by then may have been sent in the time that is lost. `message_id`:
    None for all.
    """
    return tx.rows(
        MessageStatus,
        f"""
        with lost as materialized (
            select delivery.message_id from delivery, (select max(at) as at from restored) as restored
            where state in ('queued', 'held', 'claimed') and requested_at <= restored.at
              and (state = 'claimed' or next_at <= restored.at)
              and (%(message_id)s::uuid[] is null or message_id = any(%(message_id)s::uuid[]))
            order by message_id for update of delivery
        ), ended as (
            update delivery set state = 'unknown', version = delivery.version + 1, reason = 'restored',
                lease_until = null,
                language = coalesce(delivery.language, guest.language), changed_at = %(at)s
            from lost, recipient as guest
            where delivery.message_id = lost.message_id and guest.guest_id = delivery.guest_id
            returning delivery.*
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, %(at)s, state, reason, channel, address_sealed, language from ended order by message_id
        )
        select {STATE} from ended order by message_id
        """,
        params,
    )


def extend_leases(tx: Tx, params: Mapping[str, Any]) -> None:
    """More time for the claimers that still live."""
    tx.execute(
        """
        update delivery set lease_until = %(until)s where state = 'claimed' and lease_until <= %(at)s
        """,
        params,
    )


def next_due(tx: Tx, passed: datetime | None = None) -> datetime | None:
    """When the sender next has something to do: a message to look at, or a lease that ends. `passed`: until then
    nothing waits, and it need not be looked for there."""
    row = tx.execute(
        """
        select least((select min(next_at) from delivery
                      where state in ('queued', 'held') and next_at > coalesce(%(passed)s::timestamptz, '-infinity')),
                     (select min(lease_until) from delivery
                      where state = 'claimed' and lease_until > coalesce(%(passed)s::timestamptz, '-infinity')))
        """,
        {"passed": passed},
    ).fetchone()
    return row[0] if row else None


def note_restore(tx: Tx, at: datetime) -> None:
    """The database was restored from a backup."""
    tx.execute("insert into restored (at) values (%s) on conflict do nothing", [at])
