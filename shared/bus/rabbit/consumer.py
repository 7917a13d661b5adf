"""The consumer role with RabbitMQ: live (`run`), or driven step by step on a virtual clock (`step`).

Driven, an idle answer must be true: no message that a relay saw confirmed may still be on its way here. The queues push
as they do live. A queue answers a passive declaration after it has sent what it held, and our channel delivers its
messages before it answers the next declaration: once all queues have answered, and one of them a second time, all
messages are here. (Fetching one by one would be as sure, at the cost of a disc write each.)
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from kombu.transport.pyamqp import Transport

from shared.bus.rabbit.connection import connect
from shared.bus.rabbit.listener import BATCH, Listener
from shared.bus.rabbit.messages import Letter, Receiver
from shared.bus.rabbit.topology import all_queues
from shared.bus.roles import Service
from shared.clock import Clock, SystemClock
from shared.errors import BrokerUnavailable, DatabaseUnavailable
from shared.events.dictionary import Lane
from shared.telemetry.health import RoleHealth

ON_ITS_WAY = 1.0  # seconds to wait for a ready message that has not come: another consumer may get it
PREFETCH = 200
BROKER_ERRORS: tuple[type[Exception], ...] = Transport.connection_errors + Transport.channel_errors


class RabbitConsumer:
    """One service's consumer on RabbitMQ."""

    def __init__(self, service: Service, url: str, *, clock: Clock | None = None) -> None:
        self.name = f"{service.name} consumer"
        self.receiver = Receiver(service)
        self._url, self._clock = url, clock or SystemClock()
        self._queues = [queue.name for queue in all_queues({service.name: service.subscriptions})]
        self._connection: Any = None
        self._channel: Any = None
        self._arrived: dict[Lane, list[Letter]] = {lane: [] for lane in Lane}
        self._dead: list[Any] = []

    def run(self, health: RoleHealth) -> None:
        """Consume until `health.stop` is set; the current batch is finished first."""
        Listener(self.receiver, self._url, self._clock, health).run()

    def step(self, now: datetime) -> int:
        """Handle up to a batch of the messages in the queues, the stay lane first; how many there were.

        Raises `BrokerUnavailable` or `DatabaseUnavailable`; nothing is lost then, come again later.
        """
        try:
            self._subscribe()
            if not self._waiting():
                self._await_all()
            return self._settle(now)
        except BROKER_ERRORS as error:
            self.close()
            raise BrokerUnavailable() from error
        except DatabaseUnavailable:
            self.close()  # what was delivered goes back to its queue
            raise

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._arrived, self._dead = {lane: [] for lane in Lane}, []
        if connection is not None:
            connection.release()

    def _subscribe(self) -> None:
        if self._connection is not None:
            return
        self._connection = connect(self._url, heartbeat=0)  # between steps nothing answers heartbeats
        self._channel = self._connection.default_channel
        for lane in Lane:
            for consumer_of in self.receiver.consumers_of(self._channel, lane, self._arrive, prefetch=PREFETCH):
                consumer_of.consume()
        self.receiver.dead_letter_consumer(self._channel, self._dead.append).consume()

    def _arrive(self, lane: Lane, letter: Letter) -> None:
        self._arrived[lane].append(letter)

    def _waiting(self) -> int:
        return sum(map(len, self._arrived.values())) + len(self._dead)

    def _await_all(self) -> None:
        """Return when every message that the queues hold for this consumer is here."""
        ready = sum(self._channel.queue_declare(name, passive=True).message_count for name in self._queues)
        self._channel.queue_declare(self._queues[0], passive=True)
        if ready and not self._waiting():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=ON_ITS_WAY)

    def _settle(self, now: datetime) -> int:
        dead, self._dead[:] = list(self._dead), []
        for message in dead:
            self.receiver.store_dead_letter(message, now)
        letters: list[Letter] = []
        for lane in Lane:
            room = BATCH - len(letters)
            letters += self._arrived[lane][:room]
            del self._arrived[lane][:room]
        if letters:
            self.receiver.settle(letters, now)
        return len(dead) + len(letters)
