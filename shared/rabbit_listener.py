"""The live loop of a consumer on RabbitMQ: kombu's ConsumerMixin, with batches.

A lost connection is opened again and subscribed anew; what was not acknowledged comes again and the inbox drops what
had been committed. While the database is in trouble the batch is kept and tried again, nothing is requeued, and the
prefetch stops the flow by itself; heartbeats go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from kombu import Connection
from kombu.mixins import ConsumerMixin

from shared.clock import Clock
from shared.errors import DatabaseUnavailable
from shared.events.dictionary import Lane
from shared.rabbit_messages import Letter, Receiver

BATCH = 50
COLLECT_FOR = 0.02
HEARTBEAT = 30
PREFETCH = {Lane.STAY: 50, Lane.MARKETING: 20}  # a queue
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger()


class Listener(ConsumerMixin):  # type: ignore[misc]
    def __init__(self, receiver: Receiver, url: str, clock: Clock, stop: threading.Event) -> None:
        self.connection = Connection(url, heartbeat=HEARTBEAT)
        self._receiver, self._clock, self._stop = receiver, clock, stop
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
        self._batch = []  # of a connection that was lost: they come again
        found = [self._receiver.dead_subscription(channel, self._on_dead)]
        for lane in Lane:
            its_channel = channel.connection.channel()
            found += self._receiver.subscriptions(its_channel, lane, self._collect, prefetch=PREFETCH[lane])
        return found

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
        service = self._receiver.service.name
        log.warning("waiting for the broker", service=service, error=type(exc).__name__, seconds=interval)

    def _collect(self, _: Lane, letter: Letter) -> None:
        if not self._batch:
            self._since = time.monotonic()
        self._batch.append(letter)

    def _on_dead(self, message: Any) -> None:
        self._receiver.bury_dead(message, self._clock.now())

    def _flush_when_due(self) -> None:
        now = time.monotonic()
        collected = len(self._batch) >= BATCH or now - self._since >= COLLECT_FOR
        if self._batch and collected and now >= self._not_before:
            self._flush()

    def _flush(self) -> None:
        if not self._batch:
            return
        try:
            self._receiver.settle(self._batch, self._clock.now())
        except DatabaseUnavailable:
            service = self._receiver.service.name
            log.warning("waiting for the database", service=service, seconds=self._pause)
            self._not_before = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            return
        self._batch = []
        self._pause = FIRST_PAUSE
