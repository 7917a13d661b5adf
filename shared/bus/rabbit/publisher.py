"""The publisher to RabbitMQ: pika's SelectConnection in a thread of its own, confirms streaming back.

A batch is written in one go and its confirms are awaited together (window 500): waiting for each costs fifteen times
as much. The thread keeps answering heartbeats while nobody publishes, and opens a lost connection again by itself.

A message is confirmed once its queues have it on disc. It is nacked where a queue refuses it (full), returned where no
queue is bound (`mandatory`). No answer within 15 s, a lost connection, a broker that blocks its publishers: unknown,
`BrokerUnavailable` is raised and the relay sends all of it again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pika

from shared.bus.publisher import OutboxRow, Published, together
from shared.bus.rabbit.topology import EXCHANGE, routing_key
from shared.errors import BrokerUnavailable
from shared.events.envelope import CONTENT_TYPE

WINDOW = 500
PERSISTENT = 2
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class InFlightBatch:
    """A batch whose confirms are awaited. The connection's thread fills it, and sets `settled` when all are known."""

    def __init__(self, rows: Sequence[OutboxRow]) -> None:
        self.envelopes = [
            (row, properties_of(row)) for row in rows
        ]  # here what has none raises, and ends no connection
        self.settled = threading.Event()
        self.lost: str | None = None
        self._numbers = {str(row.message_id): row.id for row in rows}
        self._awaited: dict[int, int] = {}
        self._answer = Published()
        self._returned: set[int] = set()

    def await_confirm(self, tag: int, row: OutboxRow) -> None:
        self._awaited[tag] = row.id

    def note_returned(self, message_id: str) -> None:
        """The broker confirms a returned message all the same, right after it."""
        self._returned.add(self._numbers[message_id])

    def answered(self, tag: int, *, multiple: bool, accepted: bool) -> None:
        tags = [known for known in self._awaited if known <= tag] if multiple else [tag]
        for number in (self._awaited.pop(known) for known in tags if known in self._awaited):
            if number in self._returned:
                self._answer.returned.append(number)
            else:
                (self._answer.confirmed if accepted else self._answer.nacked).append(number)
        if not self._awaited:
            self.settled.set()

    def fail(self, reason: str) -> None:
        self.lost = reason
        self.settled.set()

    def answer(self) -> Published:
        if self.lost:
            raise BrokerUnavailable(self.lost)
        return self._answer


class PikaPublisher:
    """One relay's way to RabbitMQ. It connects at `open` or at the first publish."""

    def __init__(
        self, url: str, *, name: str = "relay", confirm_within: float = 15.0, connect_within: float = 10.0
    ) -> None:
        self._parameters = parameters_of(url, name)
        self._confirm_within, self._connect_within = confirm_within, connect_within
        self._chance = random.Random(name)
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._lock = threading.Lock()  # over `_ready`, `_batch`: a batch never waits for a connection that has gone
        self._ready = threading.Event()  # a channel is open, in confirm mode, and the broker takes messages
        self._batch: InFlightBatch | None = None
        self._connection: Any = None
        self._channel: Any = None
        self._last_tag = 0
        self.connections = 0
        self.holds_back = False

    def open(self) -> None:
        """Connect, and stay connected, in the background."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._stay_connected, name="publisher", daemon=True)
            self._thread.start()

    def not_ready_reason(self) -> str | None:
        return None if self._ready.is_set() else str(BrokerUnavailable())

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        """Publish and await the confirms. Raises `BrokerUnavailable` where they do not come."""
        return together([self._publish_window(batch[start : start + WINDOW]) for start in range(0, len(batch), WINDOW)])

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._drop_connection()
            self._thread.join(self._connect_within)
            self._thread = None

    def _publish_window(self, rows: Sequence[OutboxRow]) -> Published:
        batch = InFlightBatch(rows)
        self.open()
        if not self._ready.wait(self._connect_within):
            raise BrokerUnavailable()
        with self._lock:
            if not self._ready.is_set():
                raise BrokerUnavailable()
            self._batch = batch
            self._connection.ioloop.add_callback_threadsafe(partial(self._send, batch))
        if not batch.settled.wait(self._confirm_within):
            self._drop_connection()
            raise BrokerUnavailable(f"the broker did not confirm within {self._confirm_within:g} s")
        return batch.answer()

    def _drop_connection(self) -> None:
        with self._lock:
            self._ready.clear()
            if self._connection is not None:
                self._connection.ioloop.add_callback_threadsafe(partial(close, self._connection))

    # What follows runs in the connection's thread.

    def _stay_connected(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            before = self.connections
            with self._lock:
                self._connection = pika.SelectConnection(
                    self._parameters,
                    on_open_callback=self._on_open,
                    on_open_error_callback=self._on_gone,
                    on_close_callback=self._on_gone,
                )
            self._connection.ioloop.start()
            self._gone("the connection to the broker was lost")
            pause = FIRST_PAUSE if self.connections != before else min(2 * pause, LONGEST_PAUSE)
            self._closing.wait(pause * self._chance.uniform(0.5, 1.0))

    def _on_open(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(lambda *_: self._ready.clear())
        connection.add_on_connection_unblocked_callback(lambda *_: self._ready.set())
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel, self._last_tag = channel, 0
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._on_ready())

    def _on_ready(self) -> None:
        self.connections += 1
        self._ready.set()

    def _on_channel_closed(self, channel: Any, reason: Exception) -> None:
        self._gone(f"the broker closed the channel: {reason}")
        close(channel.connection)

    def _on_gone(self, connection: Any, _reason: Exception) -> None:
        connection.ioloop.stop()

    def _gone(self, reason: str) -> None:
        """No more messages on this connection; a batch in flight is lost with it."""
        with self._lock:
            self._ready.clear()
            batch, self._batch = self._batch, None
        if batch is not None:
            batch.fail(reason)

    def _send(self, batch: InFlightBatch) -> None:
        for row, properties in batch.envelopes:
            if self._batch is not batch:
                return
            self._last_tag += 1
            batch.await_confirm(self._last_tag, row)
            self._channel.basic_publish(
                EXCHANGE.name, routing_key(row.type, row.lane), row.body, properties, mandatory=True
            )

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        if self._batch is not None:
            self._batch.note_returned(properties.message_id)

    def _on_confirm(self, frame: Any) -> None:
        if self._batch is not None:
            method = frame.method
            accepted = isinstance(method, pika.spec.Basic.Ack)
            self._batch.answered(method.delivery_tag, multiple=method.multiple, accepted=accepted)


def parameters_of(url: str, name: str) -> Any:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 30
    parameters.blocked_connection_timeout = 30
    parameters.socket_timeout = parameters.stack_timeout = 10
    parameters.client_properties = {"connection_name": f"guestloop {name}"}
    return parameters


def properties_of(row: OutboxRow) -> Any:
    """The envelope: CloudEvents in the headers, and in AMQP's own properties where there is one."""
    return pika.BasicProperties(
        message_id=str(row.message_id),
        type=row.type,
        timestamp=int(datetime.fromisoformat(row.headers["ce-time"]).timestamp()),
        content_type=CONTENT_TYPE,
        delivery_mode=PERSISTENT,
        headers={**row.headers, "ce-id": str(row.message_id)},
    )


def close(connection: Any) -> None:
    """Close the connection, and stop without an answer after two seconds."""
    if connection.is_open:
        connection.close()
    connection.ioloop.call_later(2, connection.ioloop.stop)
