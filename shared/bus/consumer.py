"""The consumer handles every message, whichever transport delivered it.

Delivery. A batch is handled in one transaction: its messages enter the inbox, each handler gets the fresh ones of its
type joined into one chunk, and what the handlers publish goes to the outbox. Then the commit, and only then the
acknowledgement (for a mailbox row: its deletion, in the same commit).

Order. None. Chunks of several messages and several subjects are joined as they came; a handler applies the greater
version.

Duplicates. The inbox has one row a subscription and message: who inserts it applies the message, everybody else finds
nothing fresh in it. Two consumers with the same message wait for one another on that row. So handling is
idempotent: delivered at least once, applied once.

Failures. Deadlock, serialisation failure and lost connection say nothing about a message: the transaction is run
again after a pause, and is no attempt. Anything else rolls the transaction back and the batch is run carefully: each
chunk under a savepoint, and one that raises again in halves, until the subjects that fail alone stand apart. They
become rows of `dead_letter`, the rest commits. A body that cannot be read, an unknown type, a subject that
does not fit the dictionary become dead letters too, with nothing retried. So no message ever blocks its queue.

Crashes. Before the commit: nothing happened, the messages come again. Between commit and acknowledgement: they come
again and the inbox drops them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import structlog
from psycopg_pool import PoolTimeout

from shared.bus.dead_letters import LONGEST_REASON, DeadLetter, of_message, of_subject, reason_of, store_and_tell
from shared.bus.erasing import SHARED
from shared.bus.set_aside import work_in_halves
from shared.bus.subscriptions import Handler, Subscription
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database, Tx
from shared.errors import DatabaseUnavailable
from shared.events.dictionary import Chunk
from shared.events.wire import decode_sound
from shared.rows import row
from shared.telemetry import metrics
from shared.telemetry.tracing import handling_span

T = TypeVar("T")
PAUSES = (0.02, 0.1, 0.5, 1.0)
MOST_NAMED = 10  # messages in a line of the log

log = structlog.get_logger()


@row
class Incoming:
    """A message as a transport delivered it, for one subscription."""

    subscription: str
    message_id: UUID
    type: str
    body: bytes
    republished: bool = False
    traceparent: str | None = None


@dataclass(frozen=True)
class Handled:
    """Counts: messages applied, messages dropped as already applied, subjects (or unreadable messages) set aside."""

    fresh: int = 0
    duplicates: int = 0
    dead: int = 0


@dataclass
class Joined:
    """Fresh messages of one subscription and type, joined; `origins` has each subject's message and place in it."""

    handler: Handler
    subscription: str
    chunk: Chunk
    origins: list[tuple[UUID, int]]
    traces: set[str | None] = field(default_factory=set)


class Consumer:
    """Handles the messages of one service's subscriptions."""

    def __init__(
        self, database: Database, subscriptions: Iterable[Subscription], *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.database = database
        self._subscriptions = tuple(subscriptions)
        self._handlers = {subscription.name: subscription.handlers for subscription in self._subscriptions}
        self._pause = pause
        self._applied: list[tuple[str, int, float]] = []  # by the last transaction: type, subjects, seconds

    def handle(self, batch: Sequence[Incoming], now: datetime) -> Handled:
        """Handle a batch in a transaction of its own; when this returns, all of it may be acknowledged."""

        def once(careful: bool) -> Handled:
            with self.database.transaction() as tx:
                fresh = enter_inbox(tx, batch, now)
                dead = self.apply(tx, fresh, now, careful=careful)
                return Handled(len(fresh), len(batch) - len(fresh), dead)

        done = self.persist(once)
        metrics.record_received(self.database.service, done.fresh, done.duplicates)
        return done

    def persist(self, once: Callable[[bool], T]) -> T:
        """Run `once(careful)`, a whole transaction: again after a pause where the database was in trouble, again with
        `careful` where anything else was raised. Raises `DatabaseUnavailable` when the trouble does not pass."""
        careful = False
        pauses = iter(PAUSES)
        while True:
            try:
                done = once(careful)
                metrics.record_handled(self.database.service, self._applied)
                return done
            except Exception as error:
                if is_passing(error):
                    pause = None if isinstance(error, PoolTimeout) else next(pauses, None)  # it has waited enough
                    if pause is None:
                        raise DatabaseUnavailable() from error
                    self._pause(pause)
                elif careful:
                    raise
                else:
                    careful = True

    def apply(self, tx: Tx, fresh: Sequence[Incoming], now: datetime, *, careful: bool) -> int:
        """Apply messages that are in the inbox since this transaction; how many subjects or messages were set aside.

        Not careful, it raises what a handler raises; careful, it only raises where the database is in trouble.
        """
        dead: list[DeadLetter] = []
        self._applied = []
        for joined in self._join(fresh, dead, now):
            dead += self._call(tx, joined, now, careful)
        store_and_tell(tx, dead, self._subscriptions)
        if dead:
            report_dead_letters(tx.service, dead)
        return len(dead)

    def _join(self, messages: Sequence[Incoming], dead: list[DeadLetter], now: datetime) -> list[Joined]:
        """Messages joined by subscription and type; what cannot be read is added to `dead`."""
        parts: dict[tuple[str, str, bool], list[tuple[Incoming, Chunk, list[int]]]] = {}
        for message in messages:
            handler = self._handlers.get(message.subscription, {}).get(message.type)
            if handler is None:
                dead.append(unreadable(message, f"{message.subscription} has no handler of {message.type}", now))
                continue
            try:
                chunk, faults = decode_sound(message.type, message.body, republished=message.republished)
            except Exception as error:  # a body can be wrong in any way
                dead.append(unreadable(message, reason_of(error), now))
                continue
            dead += ill_formed(message, faults, now)
            if size := len(chunk):
                places = [place for place in range(size + len(faults)) if place not in faults]
                key = (message.subscription, message.type, message.republished)
                parts.setdefault(key, []).append((message, chunk, places))
        return [self._joined(subscription, name, given) for (subscription, name, _), given in parts.items()]

    def _joined(self, subscription: str, name: str, given: list[tuple[Incoming, Chunk, list[int]]]) -> Joined:
        return Joined(
            handler=self._handlers[subscription][name],
            subscription=subscription,
            chunk=join([chunk for _, chunk, _ in given]),
            origins=[(message.message_id, place) for message, _, places in given for place in places],
            traces={message.traceparent for message, _, _ in given},
        )

    def _call(self, tx: Tx, joined: Joined, now: datetime, careful: bool) -> list[DeadLetter]:
        """Call the handler; the subjects it refuses, each alone, as dead letters."""
        name, began = joined.chunk.type.name, time.perf_counter()
        faults: dict[int, str] = {}
        with handling_span(joined.traces, f"handle {name}", concern=joined.subscription, subjects=len(joined.chunk)):
            if careful:
                faults = apply_in_halves(tx, joined.handler, joined.chunk, now)
            else:
                joined.handler(tx, joined.chunk, now)
        self._applied.append((name, len(joined.chunk) - len(faults), time.perf_counter() - began))
        return [
            of_subject(joined.subscription, joined.origins[place], joined.chunk.pick([place]), reason, now)
            for place, reason in faults.items()
        ]


def report_dead_letters(service: str, dead: Sequence[DeadLetter]) -> None:
    metrics.record_dead_letters(service, (letter.type for letter in dead))
    log.warning(
        "dead letters",
        service=service,
        letters=len(dead),
        types=sorted({letter.type for letter in dead}),
        message_ids=sorted({str(letter.message_id) for letter in dead})[:MOST_NAMED],
    )


def enter_inbox(tx: Tx, batch: Sequence[Incoming], now: datetime) -> list[Incoming]:
    """The messages of a batch that are not in the inbox yet; they enter it here."""
    by_key = {(message.subscription, message.message_id): message for message in reversed(batch)}
    keys = sorted(by_key)  # one order for all, so that two consumers of the same messages never wait in a ring
    entered = tx.execute(
        f"""
        with {SHARED}
        insert into inbox (concern, message_id, received_at)
        select concern, message_id, %(now)s
        from gate, unnest(%(subscriptions)s::text[], %(ids)s::uuid[]) with ordinality
            as key (concern, message_id, place)
        order by place
        on conflict do nothing
        returning concern, message_id
        """,
        {
            "now": now,
            "subscriptions": [subscription for subscription, _ in keys],
            "ids": [message_id for _, message_id in keys],
        },
    ).fetchall()
    fresh: set[Any] = set(entered)
    return [message for key, message in reversed(by_key.items()) if key in fresh]


def apply_in_halves(tx: Tx, handler: Handler, chunk: Chunk, now: datetime) -> dict[int, str]:
    """Apply a chunk under a savepoint, one that raises in halves; what fails alone, by place, with the reason."""
    places = range(len(chunk))

    def apply(some: Sequence[int]) -> None:
        handler(tx, chunk if len(some) == len(chunk) else chunk.pick(some), now)

    return dict(work_in_halves(tx, places, apply))


def join(chunks: Sequence[Chunk]) -> Chunk:
    """Chunks of one type and kind as one."""
    first = chunks[0]
    if len(chunks) == 1:
        return first
    columns = {name: [value for chunk in chunks for value in chunk.columns[name]] for name in first.columns}
    return Chunk(first.type, columns, first.republished)


def unreadable(message: Incoming, reason: str, now: datetime) -> DeadLetter:
    return of_message(
        message.subscription,
        message.message_id,
        message.type,
        message.body,
        republished=message.republished,
        reason=reason,
        at=now,
    )


def ill_formed(message: Incoming, faults: dict[int, str], now: datetime) -> list[DeadLetter]:
    """The subjects that do not fit the dictionary, each kept as a body of its own."""
    if not faults:
        return []
    data = json.loads(message.body)
    return [
        replace(
            unreadable(message, reason[:LONGEST_REASON], now),
            place=place,
            body=json.dumps({name: values[place : place + 1] for name, values in data.items()}).encode(),
        )
        for place, reason in sorted(faults.items())
    ]
