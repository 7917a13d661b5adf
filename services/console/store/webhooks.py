"""Webhooks, what waits for them and each attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Webhook:
    webhook_id: UUID
    version: int
    url: str
    types: Sequence[str]
    properties: Sequence[str]
    secret_sealed: Sealed
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    failures: int = 0
    rests_until: datetime | None = None


@dataclass(frozen=True)
class Due:
    """A message that was claimed for one attempt."""

    id: int
    webhook_id: UUID
    url: str
    secret_sealed: Sealed
    event_id: UUID
    body: str
    told_at: datetime
    attempts: int
    failures: int


@dataclass(frozen=True)
class Line:
    """A message as its page lists it."""

    id: int
    event_id: UUID
    type: str
    told_at: datetime
    state: str
    attempts: int
    last_status: int | None
    last_trouble: str | None
    last_at: datetime | None
    next_at: datetime


def add(tx: Tx, webhook: Webhook) -> None:
    tx.execute(ADD, vars(webhook))


def end(tx: Tx, webhook_id: UUID, at: datetime) -> Webhook | None:
    """As it is now; None where it had ended. What waits for it goes."""
    found = tx.rows(Webhook, END, {"id": webhook_id, "at": at})
    tx.execute("delete from webhook_message where webhook_id = %s and state = 'waiting'", [webhook_id])
    return found[0] if found else None


def all_webhooks(tx: Tx) -> list[Webhook]:
    return tx.rows(Webhook, f"select {FIELDS} from webhook order by ended_at is not null, made_at desc, webhook_id")


def one(tx: Tx, webhook_id: UUID) -> Webhook | None:
    found = tx.rows(Webhook, f"select {FIELDS} from webhook where webhook_id = %s", [webhook_id])
    return found[0] if found else None


def take(tx: Tx, columns: Mapping[str, Sequence[Any]], now: datetime) -> int:
    """Each event once for each webhook that wants it and whose hotels it is of; how many messages that makes."""
    return tx.execute(TAKE, {**columns, "now": now}).rowcount


def claim(tx: Tx, most: int, now: datetime, until: datetime) -> list[Due]:
    """Due messages, of each webhook's subject the first that waits. They are nobody else's before `until`."""
    return tx.rows(Due, CLAIM, {"most": most, "now": now, "until": until})


def next_due(tx: Tx) -> datetime | None:
    row = tx.execute("select min(next_at) from webhook_message where state = 'waiting'").fetchone()
    return row[0] if row else None


def keep_attempt(tx: Tx, told: Mapping[str, Any]) -> None:
    """`told`: id, at, status, trouble, milliseconds, state, next_at; nothing where the message is gone meanwhile."""
    if tx.execute(SETTLE, told).rowcount:
        tx.execute(ATTEMPT, told)


def keep_health(tx: Tx, webhook_id: UUID, failures: int, rests_until: datetime | None) -> None:
    statement = "update webhook set failures = %s, rests_until = %s where webhook_id = %s"
    tx.execute(statement, [failures, rests_until, webhook_id])


def revive(tx: Tx, webhook_id: UUID, now: datetime) -> int:
    """Those given up wait again, as if they had been told now."""
    tx.execute("update webhook set rests_until = null, failures = 0 where webhook_id = %s", [webhook_id])
    statement = """
        update webhook_message set state = 'waiting', attempts = 0, told_at = %(now)s, next_at = %(now)s
        where webhook_id = %(id)s and state = 'dead'
    """
    return tx.execute(statement, {"id": webhook_id, "now": now}).rowcount


def counts(tx: Tx) -> dict[UUID, dict[str, int]]:
    """By webhook and state, of what waits and what is given up."""
    found: dict[UUID, dict[str, int]] = {}
    query = "select webhook_id, state, count(*)::int from webhook_message where state <> 'delivered' group by 1, 2"
    for webhook_id, state, number in tx.execute(query):
        found.setdefault(webhook_id, {})[state] = number
    return found


def lines(tx: Tx, webhook_id: UUID, before: int | None, most: int) -> list[Line]:
    """The newest first."""
    query = """
        select id, event_id, type, told_at, state, attempts, last_status, last_trouble, last_at, next_at
        from webhook_message where webhook_id = %(id)s and (%(before)s::bigint is null or id < %(before)s)
        order by id desc limit %(most)s
    """
    return tx.rows(Line, query, {"id": webhook_id, "before": before, "most": most})


def attempts_of(tx: Tx, ids: Sequence[int]) -> dict[int, list[tuple[datetime, int | None, str | None, int]]]:
    """When, with which status or trouble, and after how many milliseconds."""
    query = """
        select message_id, at, status, trouble, milliseconds from webhook_attempt where message_id = any(%s) order by at
    """
    found: dict[int, list[tuple[datetime, int | None, str | None, int]]] = {}
    for number, *attempt in tx.execute(query, [list(ids)]):
        found.setdefault(number, []).append((attempt[0], attempt[1], attempt[2], attempt[3]))
    return found


FIELDS = """
    webhook_id, version, url, types, properties, secret_sealed, made_by, made_at, ended_at, failures, rests_until
"""
ADD = """
    insert into webhook (webhook_id, version, url, types, properties, secret_sealed, made_by, made_at)
    values (%(webhook_id)s, %(version)s, %(url)s, %(types)s::text[], %(properties)s::text[], %(secret_sealed)s,
            %(made_by)s, %(made_at)s)
"""
END = f"""
    update webhook set ended_at = %(at)s, version = version + 1 where webhook_id = %(id)s and ended_at is null
    returning {FIELDS}
"""
TAKE = """
    insert into webhook_message (webhook_id, event_id, type, subject, place, guest_id, body, told_at, next_at)
    select w.webhook_id, new.event_id, new.type, new.subject, new.place, new.guest_id, new.body, %(now)s, %(now)s
    from unnest(%(event_id)s::uuid[], %(type)s::text[], %(subject)s::text[], %(place)s::bigint[], %(guest_id)s::uuid[],
                %(property)s::text[], %(body)s::text[])
         as new (event_id, type, subject, place, guest_id, property, body)
    join webhook w on w.ended_at is null and new.type = any(w.types)
        and (w.properties = '{}' or new.property = any(w.properties))
    order by new.place
    on conflict (webhook_id, event_id) do nothing
"""
CLAIM = """
    with due as (
        select m.id from webhook_message m join webhook w using (webhook_id)
        where m.state = 'waiting' and m.next_at <= %(now)s and (w.rests_until is null or w.rests_until <= %(now)s)
          and not exists (
            select from webhook_message as earlier
            where earlier.state = 'waiting' and (earlier.webhook_id, earlier.subject) = (m.webhook_id, m.subject)
              and (earlier.place, earlier.id) < (m.place, m.id))
        order by m.next_at, m.id limit %(most)s
        for update of m skip locked
    ), claimed as (
        update webhook_message m set next_at = %(until)s from due where m.id = due.id
        returning m.id, m.webhook_id, m.event_id, m.body, m.told_at, m.attempts
    )
    select c.id, c.webhook_id, w.url, w.secret_sealed, c.event_id, c.body, c.told_at, c.attempts, w.failures
    from claimed c join webhook w using (webhook_id) order by c.id
"""
SETTLE = """
    update webhook_message
    set attempts = attempts + 1, state = %(state)s, next_at = coalesce(%(next_at)s, next_at), last_status = %(status)s,
        last_trouble = %(trouble)s, last_at = %(at)s
    where id = %(id)s and state = 'waiting'
"""
ATTEMPT = """
    insert into webhook_attempt (message_id, at, status, trouble, milliseconds)
    values (%(id)s, %(at)s, %(status)s, %(trouble)s, %(milliseconds)s)
    on conflict (message_id, at) do nothing
"""
