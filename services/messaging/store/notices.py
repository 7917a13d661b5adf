"""Notices to colleagues: taken, and ended by compare-and-set on the claim's token. What is settled holds no address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row

SETTLED = "notice_id, version, kind, channel, state, reason"
BLANK = "address_sealed = null, link_id = null, details_sealed = null, body_sealed = null"


@row
class DueNotice:
    """A notice with all its words are made of."""

    notice_id: UUID
    kind: str
    channel: str
    language: str | None
    address: Sealed
    link: UUID | None
    page: str | None
    details: Sealed
    body: Sealed | None
    requested_at: datetime
    useful_until: datetime
    claimed_at: datetime
    unclear_since: datetime | None


HAS_SENDER = """coalesce((select sender_id = any(%(tested)s::uuid[]) from template_test
                           where test_id = notice_id and sender_id is not null), channel = any(%(channels)s))"""
"""A test of a sender goes by that one (`tested`: those that can be), all others by the one of their channel."""
DUE = """notice_id, kind, channel, language, address_sealed as address, link_id as link, page,
         details_sealed as details, body_sealed as body, requested_at, useful_until, claimed_at, unclear_since"""


@row
class SettledNotice:
    notice_id: UUID
    version: int
    kind: str
    channel: str
    state: str
    reason: str | None


def keep(tx: Tx, params: Mapping[str, Any]) -> None:
    """Queue each once, however often it is asked for."""
    tx.execute(
        """
        insert into notice (notice_id, version, kind, channel, language, address_sealed, link_id, page, details_sealed,
                            body_sealed, state, requested_at, useful_until, next_at)
        select notice_id, version, kind, channel, language, address, link, page, details, body, 'queued',
               occurred_at, useful_until, %(at)s
        from unnest(%(notice_id)s::uuid[], %(version)s::bigint[], %(kind)s::text[], %(channel)s::text[],
                    %(language)s::text[], %(address)s::text[], %(link)s::uuid[], %(page)s::text[], %(details)s::text[],
                    %(body)s::text[], %(occurred_at)s::timestamptz[], %(useful_until)s::timestamptz[])
            as said (notice_id, version, kind, channel, language, address, link, page, details, body, occurred_at,
                     useful_until)
        order by notice_id
        on conflict do nothing
        """,
        params,
    )


def claim(tx: Tx, params: Mapping[str, Any]) -> list[DueNotice]:
    """The first `most` that are due and still of use, on channels that have a sender; another claimer's are passed
    over."""
    return tx.rows(
        DueNotice,
        f"""
        with due as (
            select notice_id from notice
            where state = 'queued' and next_at <= %(at)s and useful_until > %(at)s and {HAS_SENDER}
            order by next_at, notice_id limit %(most)s for update skip locked
        ), claimed as (
            update notice set state = 'claimed', version = version + 1, attempts = attempts + 1,
                claim_token = %(token)s, claimed_at = %(at)s, lease_until = %(lease_until)s
            where notice_id in (select notice_id from due)
            returning *
        )
        select {DUE} from claimed order by requested_at, notice_id
        """,
        params,
    )


def senders_to_try(tx: Tx, at: datetime) -> set[UUID]:
    """The house's senders of which a test is due."""
    query = """
        select distinct sender_id from notice join template_test on test_id = notice_id
        where state = 'queued' and next_at <= %s and sender_id is not null
    """
    return {sender for (sender,) in tx.execute(query, [at])}


def refuse(tx: Tx, params: Mapping[str, Any]) -> list[SettledNotice]:
    """What would come too late, and what has no sender, is not sent."""
    return tx.rows(
        SettledNotice,
        f"""
        with due as (
            select notice_id from notice
            where state = 'queued' and next_at <= %(at)s
              and (useful_until <= %(at)s or not {HAS_SENDER})
            order by notice_id for update skip locked
        )
        update notice set state = 'failed', version = version + 1, settled_at = %(at)s,
            reason = case when useful_until <= %(at)s then coalesce(reason, 'expired') else 'no_sender' end, {BLANK}
        where notice_id in (select notice_id from due)
        returning {SETTLED}
        """,
        params,
    )


def give_up_leases(tx: Tx, params: Mapping[str, Any]) -> list[SettledNotice]:
    """Claims whose lease has run out may have gone. `lookups`: channels whose provider can be asked, at `ask_at`."""
    return tx.rows(
        SettledNotice,
        f"""
        with lost as (
            select notice_id from notice where state = 'claimed' and lease_until <= %(at)s
            order by notice_id for update skip locked
        )
        update notice set state = 'unknown', version = version + 1, reason = 'lease_expired', lease_until = null,
            unclear_since = %(at)s, next_at = %(ask_at)s,
            settled_at = case when channel <> all(%(lookups)s) then %(at)s::timestamptz end,
            address_sealed = case when channel = any(%(lookups)s) then address_sealed end,
            details_sealed = case when channel = any(%(lookups)s) then details_sealed end,
            body_sealed = case when channel = any(%(lookups)s) then body_sealed end,
            link_id = case when channel = any(%(lookups)s) then link_id end
        where notice_id in (select notice_id from lost)
        returning {SETTLED}
        """,
        params,
    )


def record_outcomes(tx: Tx, params: Mapping[str, Any]) -> list[SettledNotice]:
    """What senders answered, where the claim is still the one of this token; a late answer settles what was unknown.
    An unclear one keeps its words where its provider can be asked, at `ask_at`."""
    return tx.rows(
        SettledNotice,
        """
        with said as materialized (
            select said.*,
                   said.state = 'unknown' and channel = any(%(lookups)s) and address_sealed is not null as stays
            from unnest(%(notice_id)s::uuid[], %(state)s::text[], %(reason)s::text[], %(ref)s::text[])
                as said (notice_id, state, reason, ref)
            join (select notice_id, channel, address_sealed from notice
                  where notice_id = any(%(notice_id)s::uuid[]) order by notice_id for update) as locked
                using (notice_id)
        )
        update notice set state = said.state, version = version + 1, reason = said.reason, lease_until = null,
            provider_ref = said.ref, unclear_since = case when said.state = 'unknown' then %(at)s::timestamptz end,
            next_at = %(ask_at)s, settled_at = case when not stays then %(at)s::timestamptz end,
            address_sealed = case when stays then address_sealed end,
            details_sealed = case when stays then details_sealed end,
            body_sealed = case when stays then body_sealed end,
            link_id = case when stays then link_id end
        from said
        where notice.notice_id = said.notice_id and claim_token = %(token)s and notice.state in ('claimed', 'unknown')
        returning notice.notice_id, version, kind, channel, notice.state, notice.reason
        """,
        params,
    )


def queue_again(tx: Tx, params: Mapping[str, Any]) -> None:
    """Never offered, or refused for now: due again after a back-off, while it is of use. `reason` is what is told
    should it never go."""
    tx.execute(
        """
        update notice set state = 'queued', version = version + 1, claim_token = null, lease_until = null,
            reason = said.reason,
            next_at = least(useful_until, %(at)s + case when said.at_once then interval '0'
                                                   else least(%(first)s * power(2, least(attempts - 1, 10)), %(last)s)
                                                   end)
        from unnest(%(notice_id)s::uuid[], %(reason)s::text[], %(at_once)s::boolean[])
            as said (notice_id, reason, at_once)
        where notice.notice_id = said.notice_id and claim_token = %(token)s and state = 'claimed'
        """,
        params,
    )


def take_unclear(tx: Tx, params: Mapping[str, Any]) -> list[DueNotice]:
    """Those whose provider is to be asked now; they are asked about again at `ask_at`."""
    return tx.rows(
        DueNotice,
        f"""
        with due as (
            select notice_id from notice
            where state = 'unknown' and next_at <= %(at)s and settled_at is null and channel = any(%(lookups)s)
            order by next_at, notice_id limit %(most)s for update skip locked
        ), taken as (
            update notice set next_at = %(ask_at)s where notice_id in (select notice_id from due) returning *
        )
        select {DUE} from taken order by notice_id
        """,
        params,
    )


def settle_unclear(tx: Tx, params: Mapping[str, Any]) -> list[SettledNotice]:
    """What its provider's list says: `sent`, or `unknown` for good."""
    return tx.rows(
        SettledNotice,
        f"""
        with said as materialized (
            select * from unnest(%(notice_id)s::uuid[], %(state)s::text[], %(ref)s::text[])
                as said (notice_id, state, ref)
        )
        update notice set state = said.state, version = version + 1, settled_at = %(at)s,
            reason = case when said.state = 'sent' then null else reason end,
            provider_ref = coalesce(said.ref, provider_ref), {BLANK}
        from said
        where notice.notice_id = said.notice_id and notice.state = 'unknown' and settled_at is null
        returning notice.notice_id, version, kind, channel, notice.state, reason
        """,
        params,
    )


def queue_unsent(tx: Tx, notices: list[UUID], at: datetime) -> None:
    """The provider never had them: due again."""
    tx.execute(
        """
        update notice set state = 'queued', version = version + 1, claim_token = null, reason = null, next_at = %s
        where notice_id = any(%s) and state = 'unknown' and settled_at is null
        """,
        (at, notices),
    )


def refs_since(tx: Tx, channel: str, since: datetime) -> frozenset[str]:
    """The provider's numbers of notices known to be ours."""
    rows = tx.execute(
        "select provider_ref from notice where channel = %s and provider_ref is not null and claimed_at >= %s",
        (channel, since),
    )
    return frozenset(ref for (ref,) in rows)


def mark_uncertain(tx: Tx, at: datetime) -> list[SettledNotice]:
    """After a restore: what waited may have been sent in the time that is lost, and is not sent a second time."""
    return tx.rows(
        SettledNotice,
        f"""
        update notice set state = 'unknown', version = version + 1, reason = 'restored', lease_until = null,
            settled_at = %s, {BLANK}
        where state in ('queued', 'claimed') or state = 'unknown' and settled_at is null
        returning {SETTLED}
        """,
        (at,),
    )


def drop(tx: Tx, before: datetime) -> None:
    tx.execute("delete from notice where settled_at < %s", (before,))


def next_due(tx: Tx, lookups: list[str]) -> datetime | None:
    found = tx.execute(
        """
        select least((select min(next_at) from notice where state = 'queued'),
                     (select min(lease_until) from notice where state = 'claimed'),
                     (select min(next_at) from notice
                      where state = 'unknown' and settled_at is null and channel = any(%s)))
        """,
        (lookups,),
    ).fetchone()
    return found[0] if found else None


def change_channels(tx: Tx, channels: list[str], real: list[bool]) -> list[tuple[str, int, bool]]:
    """Channel, version and whether notices leave there, of those where that is no longer what was published."""
    return tx.execute(
        """
        insert into notice_channel as old (channel, version, is_real)
        select channel, 1, is_real from unnest(%s::text[], %s::boolean[]) as said (channel, is_real)
        where is_real or exists (select from notice_channel where notice_channel.channel = said.channel)
        order by channel
        on conflict (channel) do update set version = old.version + 1, is_real = excluded.is_real
        where old.is_real <> excluded.is_real
        returning channel, version, is_real
        """,
        (channels, real),
    ).fetchall()
