"""The consumer role where there is no broker: it claims messages from the service's mailbox and handles them.

Claim, effect and deletion are one transaction: a process that dies before its commit leaves the messages where they
were. Several processes may claim; each passes over what another holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg

from shared.bus.consumer import Consumer, Incoming
from shared.bus.erasing import SHARED
from shared.bus.subscriptions import Subscription
from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from shared.events.envelope import is_republished, trace_of

BATCH = 50
MOST_BYTES = 1_000_000  # of messages handled together, a message more: what a guest waits for stands behind no more


class MailboxConsumer:
    """One service's consumer; `step` handles one batch, the stay lane first.

    `looks_first`: an idle step costs one query and no transaction. A caller that steps only when there is something to
    handle saves that query.
    """

    def __init__(self, database: Database, subscriptions: Iterable[Subscription], *, looks_first: bool = True) -> None:
        self.name = f"{database.service} consumer"
        self._consumer = Consumer(database, subscriptions)
        self._session = DedicatedConnection(database, "consumer")
        self._looks_first = looks_first
        self._claimed: list[int] = []
        self.drained = False  # whether the last step saw all there was

    def step(self, now: datetime) -> int:
        """Handle up to a batch of waiting messages; how many were claimed.

        Raises `DatabaseUnavailable` where the database is in lasting trouble; nothing is lost, come again later.
        """
        if self._looks_first and not self._is_message_waiting(now):
            return 0
        try:
            return self._consumer.persist(lambda careful: self._claim_and_handle(now, careful))
        except DatabaseUnavailable:
            self._put_off(now)
            raise

    def next_due(self) -> datetime | None:
        """When the next message that was put off is due; the earliest of all that wait."""
        row = self._session.connection().execute("select min(available_at) from mailbox").fetchone()
        found: datetime | None = row[0] if row else None
        return found

    def close(self) -> None:
        self._session.close()

    def _is_message_waiting(self, now: datetime) -> bool:
        try:
            return self._session.connection().execute(WAITING, (now,)).fetchone() is not None
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable() from error

    def _claim_and_handle(self, now: datetime, careful: bool) -> int:
        with self._session.transaction() as tx:
            rows = sorted(tx.connection.execute(CLAIM, {"now": now}, binary=True).fetchall())
            self._claimed = [row[1] for row in rows]
            self.drained = len(rows) < BATCH and sum(len(row[-1]) for row in rows) < MOST_BYTES
            self._consumer.apply(tx, [_incoming(row) for row in rows if row[2]], now, careful=careful)
        return len(rows)

    def _put_off(self, now: datetime) -> None:
        """Back off: let other messages pass before those that the database could not get through are tried again."""
        with suppress(psycopg.OperationalError):
            self._session.connection().execute(PUT_OFF, {"now": now, "ids": self._claimed})


def _incoming(row: tuple[Any, ...]) -> Incoming:
    _, _, _, subscription, message_id, name, headers, body = row
    return Incoming(subscription, message_id, name, body, is_republished(headers), trace_of(headers))


WAITING = "select 1 from mailbox where available_at <= %s order by lane desc, id limit 1"

# One statement: the messages leave the mailbox and enter the inbox; `fresh` are those that were not in it yet. The
# limit is written out, so that the planner knows how little is wanted and walks the index.
CLAIM = f"""
    with {SHARED}, claimed as (
        delete from mailbox
        where id = any(array(
            select id
            from (
                select id, sum(octet_length(body)) over (order by lane desc, id) - octet_length(body) as bytes_before
                from (
                    select id, lane, body from mailbox
                    where available_at <= %(now)s
                    order by lane desc, id
                    limit {BATCH}
                    for update skip locked
                ) as first
            ) as measured
            where bytes_before < {MOST_BYTES}
        ))
        returning lane <> 'stay' as marketing, id, concern, message_id, type, headers, body
    ), fresh as (
        insert into inbox (concern, message_id, received_at)
        select concern, message_id, %(now)s from claimed, gate order by concern, message_id
        on conflict do nothing
        returning concern, message_id
    )
    select marketing, id, fresh.message_id is not null, concern, message_id, type, headers, body
    from claimed left join fresh using (concern, message_id)
"""

PUT_OFF = """
    update mailbox
    set attempts = attempts + 1,
        available_at = %(now)s + least(interval '5 minutes', interval '1 second' * power(2, least(attempts, 12)))
    where id = any(%(ids)s)
"""
