"""The live loop of a consumer on RabbitMQ: kombu's ConsumerMixin, with batches.

A batch is of one lane, the stay lane first, and small enough that a message on the stay lane never waits for more than
one batch of a campaign.

A lost connection is opened again and subscribed anew; unacknowledged messages are delivered again and the inbox drops
those that had been committed. While the database is in trouble the batch is kept and tried again with a back-off,
nothing is requeued, and the prefetch stops the flow; heartbeats go on. Once stopped, it finishes the current batch;
what it had fetched beyond returns to its queue when the connection closes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from kombu.mixins import ConsumerMixin
from kombu.transport.pyamqp import Transport

from shared.bus.rabbit.connection import connect
from shared.bus.rabbit.messages import Letter, Receiver
from shared.clock import Clock
from shared.database.dedicated_connection import is_passing
from shared.errors import BrokerUnavailable, DatabaseUnavailable
from shared.events.dictionary import Lane
from shared.telemetry.health import RoleHealth
from shared.telemetry.metrics import RECEIVED_AGE

BATCH = 50
MOST_BYTES = 200_000  # of messages handled together, a message more: some thousand subjects
COLLECT_FOR = 0.02
AT_ONCE = 0.0005
HEARTBEAT = 30
CONNECT_WITHIN = 5
PREFETCH = {Lane.STAY: 50, Lane.MARKETING: 20}  # a queue
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
BROKER_ERRORS: tuple[type[Exception], ...] = Transport.connection_errors + Transport.channel_errors


class Listener(ConsumerMixin):  # type: ignore[misc]
    def __init__(self, receiver: Receiver, url: str, clock: Clock, health: RoleHealth) -> None:
        self.connection = connect(url, heartbeat=HEARTBEAT, connect_timeout=CONNECT_WITHIN)
        self._receiver, self._clock, self._health = receiver, clock, health
        self._waiting: dict[Lane, list[Letter]] = {lane: [] for lane in Lane}
        self._dead: list[Any] = []
        self._since = 0.0
        self._not_before = 0.0
        self._database_pause = self._broker_pause = FIRST_PAUSE

    @property
    def should_stop(self) -> bool:
        return self._health.stop.is_set()

    def run(self) -> None:
        """Until stopped: connect, consume, and after a lost connection again, with a back-off."""
        self._health.trouble = str(BrokerUnavailable())
        while not self.should_stop:
            try:
                for _ in self.consume():
                    pass
            except BROKER_ERRORS as error:
                pause, self._broker_pause = self._broker_pause, min(2 * self._broker_pause, LONGEST_PAUSE)
                self._health.waits_for("broker", f"{BrokerUnavailable()} ({type(error).__name__})", pause)
                self._health.stop.wait(pause)

    def get_consumers(self, _: Any, channel: Any) -> list[Any]:
        """One per queue. A channel has one prefetch for all its consumers, so each lane has a channel of its own: a
        campaign never fills the stay lane's."""
        self._waiting, self._dead = {lane: [] for lane in Lane}, []  # those of a lost connection are delivered again
        found = [self._receiver.dead_letter_consumer(channel, self._dead.append)]
        for lane in Lane:
            its_channel = channel.connection.channel()
            found += self._receiver.consumers_of(its_channel, lane, self._collect, prefetch=PREFETCH[lane])
        return found

    def consume(self, limit: int | None = None, **kwargs: Any) -> Iterator[None]:
        with self.consumer_context(**kwargs) as (connection, _, _):
            self._health.works()
            self._broker_pause = FIRST_PAUSE
            beat = time.monotonic()
            while not self.should_stop:
                self._flush_when_due()
                try:
                    connection.drain_events(timeout=self._patience())
                    while True:  # all that has arrived by now: it may be of the other lane
                        connection.drain_events(timeout=AT_ONCE)
                except TimeoutError:
                    yield
                if time.monotonic() - beat >= 1.0:  # also while messages keep coming
                    connection.heartbeat_check()
                    self._health.beats()
                    beat = time.monotonic()
            self._flush()

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """One attempt at each of the broker's hosts: `run` waits between attempts, where a stop ends the wait."""
        with self.create_connection() as connection:
            at_once = {"interval_start": 0, "interval_step": 0, "interval_max": 0}
            hosts = len(connection.alt) or 1
            connection.ensure_connection(max_retries=hosts, reraise_as_library_errors=False, **at_once)
            yield connection

    def _patience(self) -> float:
        """How long to wait for more."""
        if not self._has_work():
            return 1.0
        now = time.monotonic()
        return min(max(self._since + COLLECT_FOR - now, self._not_before - now, AT_ONCE), 1.0)

    def _has_work(self) -> bool:
        return bool(self._dead) or any(self._waiting.values())

    def _collect(self, lane: Lane, letter: Letter) -> None:
        if not any(self._waiting.values()):
            self._since = time.monotonic()
        self._waiting[lane].append(letter)
        if written := letter[1].properties.get("timestamp"):
            RECEIVED_AGE.labels(self._health.service).observe(max(self._clock.now().timestamp() - written, 0.0))

    def _flush_when_due(self) -> None:
        now = time.monotonic()
        collected = self._dead or sum(map(len, self._waiting.values())) >= BATCH or now - self._since >= COLLECT_FOR
        if self._has_work() and collected and now >= self._not_before:
            self._flush()

    def _flush(self) -> None:
        if not self._has_work():
            return
        try:
            self._settle()
        except (DatabaseUnavailable, psycopg.OperationalError) as error:
            if isinstance(error, psycopg.Error) and not is_passing(error):
                raise
            self._health.waits_for("database", str(DatabaseUnavailable()), self._database_pause)
            self._not_before = time.monotonic() + self._database_pause
            self._database_pause = min(2 * self._database_pause, LONGEST_PAUSE)
            return
        self._health.works()
        self._database_pause = FIRST_PAUSE

    def _settle(self) -> None:
        """Settle one batch; what is settled leaves the lists."""
        now = self._clock.now()
        while self._dead:
            self._receiver.store_dead_letter(self._dead[0], now)
            self._dead.pop(0)
        for waiting in self._waiting.values():
            if waiting:
                batch = _first_bytes(waiting)
                self._receiver.settle(batch, now)
                del waiting[: len(batch)]
                return


def _first_bytes(letters: Sequence[Letter]) -> Sequence[Letter]:
    """The first of them, until `MOST_BYTES` are reached."""
    size = 0
    for count, (read, _) in enumerate(letters):
        if size >= MOST_BYTES:
            return letters[:count]
        size += len(read.body)
    return letters[:]
