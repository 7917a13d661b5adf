"""What was asked of messaging, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk
from shared.rows import row


@row
class Taken:
    """A message taken back, with what the event about it needs."""

    id: UUID
    guest_id: UUID
    lane: str


@row
class Settled:
    """A message that got its final answer although it had been taken back."""

    enrolment_id: UUID
    plan: int


@row
class Request:
    id: UUID
    enrolment_id: UUID
    step: str
    plan: int
    due_at: datetime
    from_step: str | None = None
    from_at: datetime | None = None


def asked_for(tx: Tx, enrolments: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, bool]]]:
    """By enrolment, the messages that count: open (not settled, not taken back) or settled."""
    rows = tx.execute(
        """
        select enrolment_id, id, settled_at is not null from message
        where enrolment_id = any(%s) and (withdrawn_at is null or settled_at is not null)
        order by id
        """,
        [list(enrolments)],
    )
    found: dict[UUID, list[tuple[UUID, bool]]] = {}
    for enrolment, message, settled in rows:
        found.setdefault(enrolment, []).append((message, settled))
    return found


def ask(tx: Tx, requests: Sequence[Request], at: datetime) -> set[UUID]:
    """Those written: a step that has a message standing asks for no second one."""
    if not requests:
        return set()
    rows = tx.execute(
        """
        insert into message (id, enrolment_id, step, plan, due_at, from_step, from_at, requested_at)
        select new.*, %s
        from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[], %s::timestamptz[])
             as new (id, enrolment_id, step, plan, due_at, from_step, from_at)
        on conflict do nothing returning id
        """,
        [
            at,
            [request.id for request in requests],
            [request.enrolment_id for request in requests],
            [request.step for request in requests],
            [request.plan for request in requests],
            [request.due_at for request in requests],
            [request.from_step for request in requests],
            [request.from_at for request in requests],
        ],
    )
    return {id_ for (id_,) in rows}


def take_back(tx: Tx, messages: Sequence[UUID], at: datetime) -> list[Taken]:
    """Those taken back: what is settled, or taken back already, is left alone."""
    if not messages:
        return []
    return tx.rows(
        Taken,
        """
        with locked as (select id from message where id = any(%s) order by id for update)
        update message set withdrawn_at = %s, state = 'withdrawn'
        from enrolment
        where message.id in (select id from locked) and enrolment.id = message.enrolment_id
          and message.withdrawn_at is null and message.settled_at is null
        returning message.id, enrolment.guest_id, enrolment.lane
        """,
        [list(messages), at],
    )


def note_receipts(tx: Tx, chunk: Chunk, receipt: str) -> None:
    """The last word of each message's receipt, in whatever order they come. Others' messages are passed over."""
    tx.execute(
        """
        with news as (
            select id, max(version) as version from unnest(%(id)s::uuid[], %(version)s::bigint[]) as news (id, version)
            group by id
        ), before as (
            select message.id from message join news using (id) where receipt_version < news.version
            order by message.id for update of message
        )
        update message set receipt = %(receipt)s, receipt_version = news.version
        from news, before where message.id = news.id and message.id = before.id and receipt_version < news.version
        """,
        {"id": chunk["message_id"], "version": chunk["version"], "receipt": receipt},
    )


def note_clicks(tx: Tx, chunk: Chunk) -> None:
    """When a link of each message was opened first: a message counts once, however many links it has."""
    tx.execute(
        """
        with news as (
            select id, min(at) as at from unnest(%(id)s::uuid[], %(at)s::timestamptz[]) as news (id, at) group by id
        ), before as (
            select message.id from message join news using (id)
            where clicked_at is null or clicked_at > news.at order by message.id for update of message
        )
        update message set clicked_at = news.at from news, before
        where message.id = news.id and message.id = before.id and (clicked_at is null or clicked_at > news.at)
        """,
        {"id": chunk["message_id"], "at": chunk["occurred_at"]},
    )


def clicked_of(tx: Tx, enrolments: Sequence[UUID]) -> dict[UUID, dict[str, datetime]]:
    """By enrolment and step, when a link of its message was opened first."""
    query = """
        select enrolment_id, step, clicked_at from message
        where enrolment_id = any(%s) and clicked_at is not null order by clicked_at desc, id
    """
    found: dict[UUID, dict[str, datetime]] = {}
    for enrolment, step, at in tx.execute(query, [list(enrolments)]):
        found.setdefault(enrolment, {})[step] = at
    return found


def settle(tx: Tx, chunk: Chunk, final: frozenset[str]) -> list[Settled]:
    """Keep the greatest version of each message's outcome; those that are final although they had been taken back. From
    where the guest came to the step, and for when it was planned, is asked of open messages alone; by which plan, also
    of those taken back."""
    return tx.rows(
        Settled,
        """
        with news as (
            select distinct on (id) * from unnest(
                %(id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(reason)s::text[], %(at)s::timestamptz[],
                %(channel)s::text[], %(cost)s::numeric[], %(currency)s::text[], %(language)s::text[]
            ) as news (id, version, state, reason, at, channel, cost, currency, language)
            order by id, version desc
        ), before as (
            select message.id from message join news using (id)
            where message.version < news.version
            order by message.id for update of message
        ), after as (
            update message
            set version = news.version, state = news.state, reason = news.reason, channel = news.channel,
                cost = news.cost, currency = news.currency, language = news.language,
                from_step = case when message.settled_at is null and news.state <> all(%(final)s) then from_step end,
                from_at = case when message.settled_at is null and news.state <> all(%(final)s) then from_at end,
                due_at = case when message.settled_at is null and news.state <> all(%(final)s) then due_at end,
                plan = case when withdrawn_at is not null
                    or message.settled_at is null and news.state <> all(%(final)s) then plan end,
                settled_at = coalesce(message.settled_at, case when news.state = any(%(final)s) then news.at end)
            from news, before
            where message.id = news.id and message.id = before.id and message.version < news.version
            returning message.enrolment_id, message.plan, message.settled_at, message.withdrawn_at
        )
        select enrolment_id, plan from after where settled_at is not null and withdrawn_at is not null
        """,
        {
            "id": chunk["message_id"],
            "version": chunk["version"],
            "state": chunk["state"],
            "reason": chunk["reason"],
            "at": chunk["occurred_at"],
            **{name: chunk[name] for name in ("channel", "cost", "currency", "language")},
            "final": sorted(final),
        },
    )
