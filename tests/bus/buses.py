"""The toy services joined by each publisher in turn: what the contract suite runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from kombu import Connection, Queue

from shared.bus.hostile import HostilePublisher
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.publisher import Publisher
from shared.bus.rabbit.consumer import RabbitConsumer
from shared.bus.rabbit.publisher import PikaPublisher
from shared.bus.rabbit.topology import all_queues, declare, queues_of
from shared.bus.relay import Relay
from shared.bus.roles import Service
from shared.bus.subscriptions import Subscription
from shared.database.pool import Database
from shared.events.dictionary import Lane
from tests.bus.toy import NOON, READ_MODEL, STAYS

ConsumerRole = MailboxConsumer | RabbitConsumer


class Bus:
    """Segments speaks, campaigns hears."""

    def __init__(self, segments: Database, campaigns: Database, subscription: Subscription = STAYS) -> None:
        self.segments, self.campaigns, self.subscription = segments, campaigns, subscription
        with campaigns.transaction() as tx:
            tx.execute(READ_MODEL)
        self.publisher = self.new_publisher()
        self.relay = Relay(segments, self.publisher, service="segments")
        self.consumer = self.new_consumer(subscription)

    def new_publisher(self) -> Publisher:
        raise NotImplementedError

    def new_consumer(self, *subscriptions: Subscription) -> ConsumerRole:
        raise NotImplementedError

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """While this lasts, campaigns' queues take nothing."""
        raise NotImplementedError
        yield

    def drain(self, now: datetime = NOON, consumer: ConsumerRole | None = None) -> int:
        """Relay and consumer, round and round until nothing moves; how much was done. Another consumer works alone."""
        if consumer is not None:
            self.consumer.close()
        done = 0
        while moved := self.relay.step(now) + (consumer or self.consumer).step(now):
            done += moved
        return done

    def pending(self) -> list[tuple[str, int, str | None]]:
        """What still stands in the outbox: type, attempts, the last error."""
        with self.segments.transaction() as tx:
            query = "select type, attempts, last_error from outbox where published_at is null order by id"
            return [(row[0], row[1], row[2]) for row in tx.execute(query)]

    def send_all_again(self) -> None:
        with self.segments.transaction() as tx:
            tx.execute("update outbox set published_at = null")

    def close(self) -> None:
        self.consumer.close()
        self.relay.close()
        self.publisher.close()


class MailboxBus(Bus):
    def new_publisher(self) -> Publisher:
        return MailboxPublisher({"campaigns": self.campaigns}, {"campaigns": [self.subscription]})

    def new_consumer(self, *subscriptions: Subscription) -> ConsumerRole:
        return MailboxConsumer(self.campaigns, subscriptions)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        with self.campaigns.transaction() as tx:
            tx.execute("alter table mailbox add constraint full_up check (false) not valid")
        yield
        with self.campaigns.transaction() as tx:
            tx.execute("alter table mailbox drop constraint full_up")


class HostileBus(MailboxBus):
    def new_publisher(self) -> Publisher:
        inner = MailboxPublisher({"campaigns": self.campaigns}, {"campaigns": [self.subscription]})
        return HostilePublisher(inner, seed=7)


class RabbitBus(Bus):
    def __init__(self, segments: Database, campaigns: Database, url: str, subscription: Subscription = STAYS) -> None:
        self.url = url
        with self.channel() as channel:
            for queue in all_queues({"campaigns": [subscription]}):
                queue(channel).delete()
        declare(url, {"campaigns": [subscription]})
        super().__init__(segments, campaigns, subscription)

    def new_publisher(self) -> Publisher:
        return PikaPublisher(self.url)

    def new_consumer(self, *subscriptions: Subscription) -> ConsumerRole:
        return RabbitConsumer(Service("campaigns", self.campaigns, subscriptions, (), Path()), self.url)

    @contextmanager
    def channel(self) -> Iterator[Any]:
        with Connection(self.url) as connection, connection.channel() as channel:
            yield channel

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """The stay queue is a full one for a while: one message long, and it refuses the next."""
        (usual,) = queues_of("campaigns", [self.subscription], Lane.STAY)
        with self.channel() as channel:
            usual(channel).delete()
            full = {**usual.queue_arguments, "x-max-length": 1, "x-overflow": "reject-publish"}
            queue = Queue(usual.name, bindings=usual.bindings, durable=True, queue_arguments=full)(channel)
            queue.declare()
            for _ in range(3):
                channel.basic_publish(channel.prepare_message(b"{}"), exchange="", routing_key=usual.name)
            yield
            queue.delete()
            usual(channel).declare()
