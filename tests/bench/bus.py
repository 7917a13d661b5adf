"""How fast the bus is: `python -m tests.bench.bus [messages]`, beside raw pika and raw kombu with the same bytes.

Messages of one stay, messages of 500 stays (17 fields each) and messages of 500 members of an audience, through the
relay to RabbitMQ (quorum queue, each confirmed, each row marked) and back through the consumer: read, checked, noted in
the inbox, and a row written for every subject; the same over mailboxes. Raw: no database, the same bodies, persistent,
each confirmed; consumed and acknowledged without doing anything. Aims: 25,000 stays and 100,000 members a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import kombu
import pika

from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.outbox import publish
from shared.bus.publisher import OutboxRow
from shared.bus.rabbit.publisher import PikaPublisher, properties_of
from shared.bus.rabbit.topology import EXCHANGE
from shared.bus.subscriptions import Subscription
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of
from shared.events.segments.audiences import AudienceChanged
from shared.events.wire import encode
from shared.ids import make_id
from shared.telemetry.health import RoleHealth
from shared.telemetry.logs import logs_to_stderr
from tests.bench.ground import count_given, databases, rabbit
from tests.bus.buses import Bus, MailboxBus, RabbitBus
from tests.bus.test_contract import message
from tests.bus.toy import NOON, STAYS, booked, counted
from tests.rabbit import why_not

JSON = {"content_type": "application/json", "content_encoding": "utf-8"}
MEMBERS = "create table member (guest_id uuid, segment text, version int, inside bool, primary key (guest_id, segment))"


def keep_members(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    tx.execute("update counted set messages = messages + 1, subjects = subjects + %s", (len(chunk),))
    tx.execute(
        """
        insert into member (guest_id, segment, version, inside)
        select distinct on (guest_id, segment) *
        from unnest(%(guest_id)s::uuid[], %(segment)s::text[], %(version)s::int[], %(entered)s::bool[])
            as said (guest_id, segment, version, inside)
        order by guest_id, segment, version desc
        on conflict (guest_id, segment) do update set version = excluded.version, inside = excluded.inside
        where excluded.version > member.version
        """,
        chunk.columns,
    )


def member(number: int) -> AudienceChanged:
    return AudienceChanged(
        guest_id=make_id("toy guest", number),
        segment="regulars",
        version=1,
        entered=True,
        initial=True,
        at=NOON,
        zone="Europe/Lisbon",
        because={"kind": "initial"},
    )


@dataclass(frozen=True)
class Load:
    """So many messages of so many subjects each, and where they are heard."""

    name: str
    messages: int
    size: int
    subject: Callable[[int], Any]
    concern: Subscription
    queue: str
    key: str

    def chunk(self, number: int) -> Chunk:
        return chunk_of([self.subject(number * self.size + each) for each in range(self.size)])


def loads(messages: int) -> Sequence[Load]:
    stay = (booked, STAYS, "campaigns.stays.stay", "stay.booked.v1.stay")
    members = Subscription("audiences", {"audience.changed.v1": keep_members})
    audience = (member, members, "campaigns.audiences.marketing", "audience.changed.v1.marketing")
    return (
        Load("stay", messages, 1, *stay),
        Load("stays", messages // 50, 500, *stay),
        Load("members of an audience", messages // 50, 500, *audience),
    )


def main(messages: int) -> None:
    with databases(own=False) as make:
        for load in loads(messages):
            print(f"-- {load.messages} messages of {load.size} {load.name}")
            measure_bus("mailbox", MailboxBus(make("segments"), make("campaigns"), load.concern), load)
            if why_not() is None:
                with rabbit() as url:
                    measure_bus("RabbitMQ", RabbitBus(make("segments"), make("campaigns"), url, load.concern), load)
                    measure_raw(url, RabbitBus(make("segments"), make("campaigns"), url, load.concern), load)


def measure_bus(name: str, bus: Bus, load: Load) -> None:
    with bus.campaigns.transaction() as tx:
        tx.execute(MEMBERS)
    with bus.segments.transaction() as tx:
        for number in range(load.messages):
            publish(tx, load.chunk(number), at=NOON)
    tell(f"{name}: relay", load.messages, load.size, lambda: exhaust(bus.relay.step))
    if isinstance(bus.consumer, MailboxConsumer):
        step = bus.consumer.step
        tell(f"{name}: consumer", load.messages, load.size, lambda: exhaust(step))
    else:
        stop = threading.Event()
        thread = threading.Thread(target=bus.consumer.run, args=(RoleHealth("campaigns", "consumer", stop),))
        thread.start()
        tell(f"{name}: consumer", load.messages, load.size, lambda: await_all(bus, load))
        stop.set()
        thread.join()
    bus.close()


def await_all(bus: Bus, load: Load) -> None:
    pause = threading.Event()
    while counted(bus.campaigns)[1] < load.messages * load.size:
        pause.wait(0.02)


def measure_raw(url: str, bus: RabbitBus, load: Load) -> None:
    """The clients without a bus around them, into and out of the same queue."""
    body, (name, _, lane) = encode(load.chunk(0)), load.key.rpartition(".")
    rows = [replace(message(number, body, name), lane=lane) for number in range(load.messages)]
    few = rows[: max(1, len(rows) // 10)]
    bus.close()
    streaming = PikaPublisher(url)
    tell("raw pika: streaming confirms", len(rows), load.size, lambda: publish_all(streaming, rows))
    streaming.close()
    tell("raw kombu: consume and acknowledge", len(rows), load.size, lambda: kombu_consume(url, load.queue, len(rows)))
    tell("raw pika: a confirm each", len(few), load.size, lambda: pika_each(url, load.key, few))
    tell("raw pika: consume and acknowledge", len(few), load.size, lambda: pika_consume(url, load.queue, len(few)))
    tell("raw kombu: a confirm each", len(few), load.size, lambda: kombu_each(url, load.key, few))


def publish_all(publisher: PikaPublisher, rows: list[OutboxRow]) -> None:
    assert len(publisher.publish(rows).confirmed) == len(rows)


def pika_each(url: str, key: str, rows: list[OutboxRow]) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    for row in rows:
        channel.basic_publish(EXCHANGE.name, key, row.body, properties_of(row), mandatory=True)
    connection.close()


def kombu_each(url: str, key: str, rows: list[OutboxRow]) -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer()
        for row in rows:
            producer.publish(row.body, exchange=EXCHANGE.name, routing_key=key, **JSON)


def pika_consume(url: str, queue: str, count: int) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=50)
    for seen, (method, _, _) in enumerate(channel.consume(queue), start=1):
        channel.basic_ack(method.delivery_tag)
        if seen == count:
            break
    connection.close()


def kombu_consume(url: str, name: str, count: int) -> None:
    seen: list[Any] = []

    def take(each: Any) -> None:
        each.ack()
        seen.append(None)

    with kombu.Connection(url) as connection:
        queue = kombu.Queue(name, no_declare=True)
        with connection.Consumer([queue], on_message=take, prefetch_count=50):
            while len(seen) < count:
                connection.drain_events(timeout=30)


def tell(name: str, messages: int, size: int, work: Callable[[], None]) -> None:
    start = perf_counter()
    work()
    seconds = perf_counter() - start
    print(f"{name:38} {messages / seconds:10,.0f} messages/s {messages * size / seconds:12,.0f} subjects/s", flush=True)


def exhaust(step: Callable[[Any], int]) -> None:
    while step(NOON):
        pass


if __name__ == "__main__":
    logs_to_stderr()
    main(count_given(20_000))
