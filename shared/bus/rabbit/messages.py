"""RabbitMQ's messages: read from their envelope, handled, acknowledged, or dead-lettered.

A message without id or type, or that is not JSON, is rejected and goes to the service's dead queue, as does one that
crashed its consumer too often. Each message of the dead queue becomes a row of `dead_letter`; it is acknowledged after
that row's commit, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import kombu
import structlog

from shared.bus.consumer import Consumer, Incoming, enter_inbox
from shared.bus.dead_letters import of_message, storable, store_and_tell
from shared.bus.rabbit.topology import dead_queue, queues_of
from shared.bus.roles import Service
from shared.events.dictionary import Lane
from shared.events.envelope import CONTENT_TYPE, is_republished, trace_of
from shared.ids import make_id

Letter = tuple[Incoming, Any]  # a message as read, and as it is acknowledged
Receive = Callable[[Lane, Letter], None]

log = structlog.get_logger()


class NotOurs(ValueError):
    """A message without what every message of ours carries."""


class Receiver:
    """Handles what one service's queues deliver."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.consumer = Consumer(service.database, service.subscriptions)

    def consumers_of(self, channel: Any, lane: Lane, receive: Receive, *, prefetch: int) -> list[Any]:
        """kombu consumers of a lane's queues. The prefetch is the channel's, for all of its consumers."""
        queues = queues_of(self.service.name, self.service.subscriptions, lane)
        return [
            consumer_of(channel, queue, partial(self._receive, receive, lane, subscription.name), prefetch)
            for subscription, queue in zip(self.service.subscriptions, queues, strict=True)
        ]

    def dead_letter_consumer(self, channel: Any, store_dead_letter: Callable[[Any], None]) -> Any:
        return consumer_of(channel, dead_queue(self.service.name), store_dead_letter, prefetch=1)

    def settle(self, letters: Sequence[Letter], now: datetime) -> None:
        """Handle messages in one transaction, and acknowledge them after its commit."""
        self.consumer.handle([read for read, _ in letters], now)
        for _, message in letters:
            message.ack()

    def store_dead_letter(self, message: Any, now: datetime) -> None:
        """Make a message of the dead queue a row of `dead_letter`, unless it was applied after all."""
        queue, reason = death_of(message)
        dead = dead_incoming(message, queue)
        letter = of_message(
            dead.subscription,
            dead.message_id,
            dead.type,
            dead.body,
            republished=dead.republished,
            reason=f"the broker gave it up: {reason}",
            at=now,
        )
        with self.service.database.transaction() as tx:
            if enter_inbox(tx, [dead], now):
                store_and_tell(tx, [letter], self.service.subscriptions)
        message.ack()

    def _receive(self, receive: Receive, lane: Lane, subscription: str, message: Any) -> None:
        try:
            letter = incoming(subscription, message), message
        except NotOurs as error:
            log.warning("message rejected", service=self.service.name, subscription=subscription, reason=str(error))
            message.reject()
        else:
            receive(lane, letter)


def consumer_of(channel: Any, queue: Any, on_message: Callable[[Any], None], prefetch: int) -> Any:
    return kombu.Consumer(
        channel, [queue], on_message=on_message, prefetch_count=prefetch, accept=["json"], auto_declare=False
    )


def incoming(subscription: str, message: Any) -> Incoming:
    """A message as read from its envelope. Raises `NotOurs`."""
    message_id, name = id_of(message), message.properties.get("type")
    if message_id is None or not name or "\x00" in name:
        raise NotOurs("no message id, or no type")
    if message.content_type != CONTENT_TYPE:
        raise NotOurs("not JSON by its content type")
    headers = message.headers
    return Incoming(subscription, message_id, name, bytes_of(message), is_republished(headers), trace_of(headers))


def dead_incoming(message: Any, queue: str) -> Incoming:
    """A message of a dead queue, with as much of an envelope as it has."""
    body = bytes_of(message)
    return Incoming(
        queue.split(".")[1] if queue.count(".") == 2 else "unknown",
        id_of(message) or make_id("message without an id", body.hex()),
        str(message.properties.get("type") or "unknown"),
        body,
        is_republished(message.headers),
    )


def death_of(message: Any) -> tuple[str, str]:
    """The queue a dead message came from, and why it left it."""
    deaths = message.headers.get("x-death")
    death = deaths[0] if isinstance(deaths, list) and deaths else None
    if not isinstance(death, Mapping):  # a sender may write any header
        return "", "unknown"
    return storable(str(death.get("queue", ""))), str(death.get("reason", "unknown"))


def id_of(message: Any) -> UUID | None:
    try:
        return UUID(message.properties.get("message_id"))
    except (ValueError, TypeError, AttributeError):
        return None


def bytes_of(message: Any) -> bytes:
    """The body; the client hands out text where the sender named an encoding."""
    body = message.body
    return body.encode() if isinstance(body, str) else bytes(body)
