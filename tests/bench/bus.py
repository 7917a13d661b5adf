"""How fast the bus is: `python -m tests.bench.bus [messages]`, beside raw pika and raw kombu with the same bytes.

Messages of one stay and messages of 500, through the relay to RabbitMQ (quorum queue, each confirmed, each row marked)
and back through the consumer into a read model; the same over mailboxes. Raw: no database, the same bodies, persistent,
each confirmed; consumed and acknowledged without doing anything. Aims: 25,000 stays and 100,000
members of an audience a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter
from typing import Any

import kombu
import pika

from shared.condition import Condition
from shared.events.dictionary import chunk_of
from shared.events.wire import encode
from shared.mailbox_consumer import MailboxConsumer
from shared.outbox import say
from shared.publishers import OutboxRow
from shared.publishers.rabbit import PikaPublisher, properties_of
from shared.topology import EXCHANGE
from tests.bench.ground import count_given, databases, rabbit
from tests.bus.buses import Bus, MailboxBus, RabbitBus
from tests.bus.test_contract import message
from tests.bus.toy import NOON, booked, counted
from tests.rabbit import why_not

QUEUE, KEY = "campaigns.stays.stay", "stay.booked.v1.stay"
JSON = {"content_type": "application/json", "content_encoding": "utf-8"}


def main(messages: int) -> None:
    with databases(own=False) as make:
        for size in (1, 500):
            print(f"-- {messages // size if size > 1 else messages} messages of {size}")
            measure_bus("mailbox", MailboxBus(make("segments"), make("campaigns")), messages, size)
            if why_not() is None:
                with rabbit() as url:
                    measure_bus("RabbitMQ", RabbitBus(make("segments"), make("campaigns"), url), messages, size)
                    measure_raw(url, RabbitBus(make("segments"), make("campaigns"), url), messages, size)


def measure_bus(name: str, bus: Bus, messages: int, size: int) -> None:
    count = messages // size if size > 1 else messages
    with bus.segments.transaction() as tx:
        for number in range(count):
            say(tx, chunk_of([booked(number * size + each) for each in range(size)]), at=NOON)
    tell(f"{name}: relay", count, size, lambda: exhaust(bus.relay.step))
    tell(f"{name}: consumer", count, size, lambda: consume(bus, count * size))
    bus.close()


def consume(bus: Bus, subjects: int) -> None:
    if isinstance(bus.consumer, MailboxConsumer):
        exhaust(bus.consumer.step)
        return
    stop = threading.Event()
    thread = threading.Thread(target=bus.consumer.run, args=(Condition("campaigns", "consumer", stop),))
    thread.start()
    while counted(bus.campaigns)[1] < subjects:
        stop.wait(0.02)
    stop.set()
    thread.join()


def measure_raw(url: str, bus: RabbitBus, messages: int, size: int) -> None:
    """The clients without a bus around them, into and out of the same queue."""
    body = encode(chunk_of([booked(each) for each in range(size)]))
    rows = [message(number, body) for number in range(messages // size if size > 1 else messages)]
    few = rows[: max(1, len(rows) // 10)]
    bus.close()
    streaming = PikaPublisher(url)
    tell("raw pika: streaming confirms", len(rows), size, lambda: publish_all(streaming, rows))
    streaming.close()
    tell("raw kombu: consume and acknowledge", len(rows), size, lambda: kombu_consume(url, len(rows)))
    tell("raw pika: a confirm each", len(few), size, lambda: pika_each(url, few))
    tell("raw pika: consume and acknowledge", len(few), size, lambda: pika_consume(url, len(few)))
    tell("raw kombu: a confirm each", len(few), size, lambda: kombu_each(url, few))


def publish_all(publisher: PikaPublisher, rows: list[OutboxRow]) -> None:
    assert len(publisher.publish(rows).confirmed) == len(rows)


def pika_each(url: str, rows: list[OutboxRow]) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    for row in rows:
        channel.basic_publish(EXCHANGE.name, KEY, row.body, properties_of(row), mandatory=True)
    connection.close()


def kombu_each(url: str, rows: list[OutboxRow]) -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer()
        for row in rows:
            producer.publish(row.body, exchange=EXCHANGE.name, routing_key=KEY, **JSON)


def pika_consume(url: str, count: int) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=50)
    for seen, (method, _, _) in enumerate(channel.consume(QUEUE), start=1):
        channel.basic_ack(method.delivery_tag)
        if seen == count:
            break
    connection.close()


def kombu_consume(url: str, count: int) -> None:
    seen: list[Any] = []

    def take(each: Any) -> None:
        each.ack()
        seen.append(None)

    with kombu.Connection(url) as connection:
        queue = kombu.Queue(QUEUE, no_declare=True)
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
    main(count_given(20_000))
