"""The consumer role with RabbitMQ: messages are collected into batches, handled, committed, then acknowledged.

Live (`run`): kombu's ConsumerMixin opens a lost connection again and subscribes anew; what was not acknowledged comes
again and the inbox drops what had been committed. While the database is in trouble the batch is kept and tried again,
nothing is requeued, and the prefetch limit stops the flow by itself. Driven (`step`): what stands in the queues now is
fetched, handled and acknowledged.

What cannot be a message of ours (no id, no type, not JSON) is rejected and goes to the service's dead queue, as does
what killed its consumer too often; the dead queue is drained into rows of `dead_letter`, never acknowledged away.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import kombu
import structlog
from kombu import Connection
from kombu.mixins import ConsumerMixin

from shared.clock import Clock, SystemClock
from shared.consumer import Consumer, Incoming, enter_inbox
from shared.dead_letters import bury, of_message
from shared.envelope import CONTENT_TYPE, is_republished, trace_of
from shared.errors import BrokerUnavailable, DatabaseUnavailable
from shared.events.dictionary import Lane
from shared.ids import make_id
from shared.roles import Service
from shared.topology import dead_queue, queues_of

BATCH = 50
COLLECT_FOR = 0.02
HEARTBEAT = 30
PREFETCH = {Lane.STAY: 50, Lane.MARKETING: 20}
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger()


Letter = tuple[Incoming, Any]  # a message as read, and as it is acknowledged


class NotOurs(ValueError):
    """A message that does not carry what every message of ours carries."""


class RabbitConsumer:
    """One service's consumer on RabbitMQ."""

    def __init__(self, service: Service, url: str, *, clock: Clock | None = None) -> None:
        self.name = f"{service.name} consumer"
        self.service, self.url = service, url
        self.clock = clock or SystemClock()
        self.consumer = Consumer(service.database, service.concerns)
        self._connection: Any = None

    def run(self, stop: threading.Event) -> None:
        """Consume until `stop` is set; the batch at hand is finished first."""
        Listener(self, stop).run()

    def step(self, now: datetime) -> int:
        """Handle what stands in the queues now, the stay lane first; how many messages that was.

        Raises `BrokerUnavailable` or `DatabaseUnavailable`; nothing is lost then, come again later.
        """
        try:
            channel = self._open_channel()
            return self._pull(channel, now) + self.drain_dead(channel, now)
        except self._broker_errors() as error:
            self.close()
            raise BrokerUnavailable() from error
        except DatabaseUnavailable:
            self.close()  # what was fetched goes back to its queue
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.release()
            self._connection = None

    def sort_out(self, concern: str, message: Any) -> Letter | None:
        """The message as read from its envelope; what is not ours is rejected and goes to the dead queue."""
        try:
            return incoming(concern, message), message
        except NotOurs as error:
            log.warning("message rejected", consumer=self.name, reason=str(error))
            message.reject()
            return None

    def settle(self, letters: list[Letter], now: datetime) -> None:
        """Handle messages in one transaction, and acknowledge them after its commit, once a channel."""
        self.consumer.handle([read for read, _ in letters], now)
        last = {id(message.channel): message for _, message in letters}
        for message in last.values():
            message.ack(multiple=True)

    def bury_dead(self, message: Any, now: datetime) -> None:
        """Make a message of the dead queue a row of `dead_letter`, unless it had taken effect after all."""
        dead = dead_incoming(message)
        letter = of_message(
            dead.concern,
            dead.message_id,
            dead.type,
            dead.body,
            republished=dead.republished,
            reason=f"the broker gave it up: {death_of(message)[1]}",
            at=now,
        )
        with self.service.database.transaction() as tx:
            if enter_inbox(tx, [dead], now):
                bury(tx, [letter])
        message.ack()

    def drain_dead(self, channel: Any, now: datetime) -> int:
        """Turn what stands in the service's dead queue into rows; how many messages that was."""
        queue = dead_queue(self.service.name)(channel)
        done = 0
        while (message := queue.get()) is not None:
            self.bury_dead(message, now)
            done += 1
        return done

    def _pull(self, channel: Any, now: datetime) -> int:
        done = 0
        for lane in Lane:
            for concern, queue in queues_by_concern(self.service, lane):
                while messages := fetch(queue(channel), BATCH):
                    if letters := [letter for each in messages if (letter := self.sort_out(concern, each))]:
                        self.settle(letters, now)
                    done += len(messages)
        return done

    def _open_channel(self) -> Any:
        if self._connection is None:
            self._connection = Connection(self.url, heartbeat=HEARTBEAT)
        return self._connection.default_channel

    def _broker_errors(self) -> tuple[type[Exception], ...]:
        connection = self._connection or Connection(self.url)
        errors: tuple[type[Exception], ...] = connection.connection_errors + connection.channel_errors
        return errors


class Listener(ConsumerMixin):  # type: ignore[misc]
    """The live loop of a `RabbitConsumer`."""

    def __init__(self, role: RabbitConsumer, stop: threading.Event) -> None:
        self.connection = Connection(role.url, heartbeat=HEARTBEAT)
        self._role, self._stop = role, stop
        self._batch: list[Letter] = []
        self._since = 0.0
        self._not_before = 0.0
        self._pause = FIRST_PAUSE

    @property
    def should_stop(self) -> bool:
        return self._stop.is_set()

    def get_consumers(self, _: Any, channel: Any) -> list[Any]:
        """One a queue. A channel has one prefetch for all its consumers, so each lane has a channel of its own: a
        campaign never fills the stay lane's."""
        self._batch.clear()  # of a connection that was lost: they come again
        service = self._role.service
        found = [self._consumer(channel, dead_queue(service.name), self._on_dead, prefetch=1)]
        for lane in Lane:
            its_channel = channel.connection.channel()
            for concern, queue in queues_by_concern(service, lane):
                found.append(self._consumer(its_channel, queue, partial(self._collect, concern), PREFETCH[lane]))
        return found

    def _consumer(self, channel: Any, queue: Any, receive: Callable[[Any], None], prefetch: int) -> Any:
        return kombu.Consumer(
            channel, [queue], on_message=receive, prefetch_count=prefetch, accept=["json"], auto_declare=False
        )

    def consume(self, limit: int | None = None, **kwargs: Any) -> Iterator[None]:
        with self.consumer_context(**kwargs) as (connection, _, _):
            beat = time.monotonic()
            while not self.should_stop:
                self._flush_when_due()
                try:
                    connection.drain_events(timeout=COLLECT_FOR if self._batch else 1.0)
                except TimeoutError:
                    yield
                if time.monotonic() - beat >= 1.0:  # also while messages keep coming
                    connection.heartbeat_check()
                    beat = time.monotonic()
            self._not_before = 0.0
            self._flush()

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """kombu's own, but it tries again after 0.2 s, then ever later, up to 5 s."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.2, interval_step=0.5, interval_max=LONGEST_PAUSE
            )
            yield connection

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        log.warning("waiting for the broker", consumer=self._role.name, error=type(exc).__name__, seconds=interval)

    def _collect(self, concern: str, message: Any) -> None:
        if letter := self._role.sort_out(concern, message):
            if not self._batch:
                self._since = time.monotonic()
            self._batch.append(letter)

    def _on_dead(self, message: Any) -> None:
        self._role.bury_dead(message, self._role.clock.now())

    def _flush_when_due(self) -> None:
        now = time.monotonic()
        collected = len(self._batch) >= BATCH or now - self._since >= COLLECT_FOR
        if self._batch and collected and now >= self._not_before:
            self._flush()

    def _flush(self) -> None:
        if not self._batch:
            return
        try:
            self._role.settle(self._batch, self._role.clock.now())
        except DatabaseUnavailable:
            log.warning("waiting for the database", consumer=self._role.name, seconds=self._pause)
            self._not_before = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            return
        self._batch = []
        self._pause = FIRST_PAUSE


def fetch(queue: Any, most: int) -> list[Any]:
    """Up to `most` messages that stand in a queue now."""
    found: list[Any] = []
    while len(found) < most and (message := queue.get()) is not None:
        found.append(message)
    return found


def queues_by_concern(service: Service, lane: Lane) -> list[tuple[str, Any]]:
    queues = queues_of(service.name, service.concerns, lane)
    return [(concern.name, queue) for concern, queue in zip(service.concerns, queues, strict=True)]


def incoming(concern: str, message: Any) -> Incoming:
    """A message as read from its envelope. Raises `NotOurs`."""
    message_id, name = id_of(message), message.properties.get("type")
    if message_id is None or not name:
        raise NotOurs("no message id, or no type")
    if message.content_type != CONTENT_TYPE:
        raise NotOurs("not JSON by its content type")
    headers = message.headers
    return Incoming(concern, message_id, name, bytes_of(message), is_republished(headers), trace_of(headers))


def dead_incoming(message: Any) -> Incoming:
    """A message of a dead queue, with whatever it has of an envelope."""
    queue, body = death_of(message)[0], bytes_of(message)
    return Incoming(
        queue.split(".")[1] if queue.count(".") == 2 else "unknown",
        id_of(message) or make_id("message without an id", body.hex()),
        str(message.properties.get("type") or "unknown"),
        body,
        is_republished(message.headers),
    )


def death_of(message: Any) -> tuple[str, str]:
    """The queue a dead message came from, and why it left it."""
    deaths = message.headers.get("x-death") or [{}]
    return str(deaths[0].get("queue", "")), str(deaths[0].get("reason", "unknown"))


def id_of(message: Any) -> UUID | None:
    try:
        return UUID(message.properties.get("message_id"))
    except (ValueError, TypeError, AttributeError):
        return None


def bytes_of(message: Any) -> bytes:
    """The body; the client hands out text where the sender named an encoding."""
    body = message.body
    return body.encode() if isinstance(body, str) else bytes(body)
