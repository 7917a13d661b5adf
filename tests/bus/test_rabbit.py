"""What only a real broker does: it dies, falls silent, forgets, gives messages up; and the loop that lives with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from shared.bus.consumer import Handled
from shared.bus.dead_letters import search
from shared.bus.outbox import publish
from shared.bus.rabbit.consumer import RabbitConsumer
from shared.bus.rabbit.listener import MOST_BYTES
from shared.bus.rabbit.publisher import PikaPublisher
from shared.bus.relay import Relay
from shared.errors import BrokerUnavailable, DatabaseUnavailable
from shared.events.dictionary import Lane, chunk_of
from shared.telemetry.health import RoleHealth
from tests.bus.buses import RabbitBus
from tests.bus.conftest import BareDatabase
from tests.bus.silent_proxy import SilentProxy
from tests.bus.toy import NOON, booked, counted, kept, stay_id, tell
from tests.loopback import PATIENCE
from tests.rabbit import RabbitNode

JSON = "application/json"
pytestmark = pytest.mark.rabbitmq


@pytest.fixture
def bus(rabbitmq: RabbitNode, bare_database: BareDatabase) -> Iterator[RabbitBus]:
    made = RabbitBus(bare_database("segments"), bare_database("campaigns"), rabbitmq.url)
    yield made
    made.close()


@contextmanager
def listening(consumer: RabbitConsumer) -> Iterator[None]:
    """While this lasts, the consumer's live loop runs."""
    health = RoleHealth("campaigns", "consumer")
    thread = threading.Thread(target=consumer.run, args=(health,))
    thread.start()
    yield
    health.stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def relay_all(bus: RabbitBus) -> None:
    while bus.relay.step(NOON):
        pass


def live(bus: RabbitBus) -> RabbitConsumer:
    assert isinstance(bus.consumer, RabbitConsumer)
    return bus.consumer


def test_the_live_loop_applies_what_comes_in_batches_and_ends_when_told(bus: RabbitBus) -> None:
    with listening(live(bus)):
        for number in range(300):
            tell(bus.segments, booked(number))
        relay_all(bus)
        until(lambda: len(kept(bus.campaigns)) == 300)
    chunks, subjects = counted(bus.campaigns)
    assert subjects == 300
    assert chunks < 100
    assert bus.drain() == 0  # all of it was acknowledged


def test_a_stay_stands_behind_no_campaign_and_a_campaign_is_taken_in_bites(bus: RabbitBus) -> None:
    with bus.segments.transaction() as tx:
        for first in range(0, 15_000, 500):
            publish(tx, chunk_of([booked(first + each) for each in range(500)]), at=NOON, lane=Lane.MARKETING)
        bodies = tx.execute("select octet_length(body) from outbox").fetchall()
    tell(bus.segments, booked(15_000))
    relay_all(bus)
    with listening(live(bus)):
        until(lambda: len(kept(bus.campaigns)) == 15_001)
    with bus.campaigns.transaction() as tx:
        commits = tx.execute("select count(*) from heard_stay group by xmin::text::bigint order by 1").fetchall()
        sizes = [size for (size,) in commits]
        before = tx.execute(
            "select count(*) from heard_stay where xmin::text::bigint < "
            "(select xmin::text::bigint from heard_stay where stay_id = %s)",
            [stay_id(15_000)],
        ).fetchone()
    bite = MOST_BYTES // min(size for (size,) in bodies) + 1
    assert sizes[0] == 1, "the stay commits alone"
    assert max(sizes) <= 500 * bite < 5_000
    assert before is not None and before[0] <= 500 * bite, "behind one bite at most, which was there before it"


def test_a_broker_killed_while_messages_flow_loses_nothing_and_repeats_nothing(
    bus: RabbitBus, rabbitmq: RabbitNode
) -> None:
    time.sleep(2)  # a quorum queue younger than a second may be lost with its broker
    with listening(live(bus)):
        for number in range(100):
            tell(bus.segments, booked(number))
        relay_all(bus)
        rabbitmq.kill()
        for number in range(100, 200):
            tell(bus.segments, booked(number))
        with pytest.raises(BrokerUnavailable):
            bus.relay.step(NOON)
        rabbitmq.start()
        until(lambda: try_again(bus) and len(kept(bus.campaigns)) == 200, 60)
    assert counted(bus.campaigns)[1] == 200


def try_again(bus: RabbitBus) -> bool:
    try:
        relay_all(bus)
    except BrokerUnavailable:
        return False
    return True


def test_after_a_new_connection_the_last_minute_is_sent_again(bus: RabbitBus) -> None:
    tell(bus.segments, booked(1))
    relay_all(bus)
    for minutes, number in ((30, 2), (60, 3)):
        tell(bus.segments, booked(number))
        assert bus.relay.step(NOON + timedelta(minutes=minutes)) == 1
    first = bus.publisher.connections
    assert isinstance(bus.publisher, PikaPublisher)
    bus.publisher._drop_connection()
    until(lambda: bus.publisher.connections > first)
    assert bus.relay.step(NOON + timedelta(minutes=90)) == 1
    bus.drain(NOON + timedelta(minutes=90))
    assert counted(bus.campaigns)[1] == 3


def test_a_broker_that_confirms_nothing_is_hung_up_on_and_all_is_sent_again(
    bus: RabbitBus, rabbitmq: RabbitNode
) -> None:
    proxy = SilentProxy(rabbitmq.port)
    publisher = PikaPublisher(rabbitmq.url.replace(str(rabbitmq.port), str(proxy.port)), confirm_within=1)
    bus.relay.close()
    relay = Relay(bus.segments, publisher, service="segments")
    tell(bus.segments, booked(1))
    until(lambda: relay.step(NOON) == 1)
    tell(bus.segments, booked(2))
    proxy.fall_silent()
    with pytest.raises(BrokerUnavailable, match="did not confirm within 1 s"):
        relay.step(NOON)
    proxy.speak_again()
    until(lambda: steps(relay) == 0)
    while live(bus).step(NOON):
        pass
    assert counted(bus.campaigns)[1] == 2
    relay.close()
    publisher.close()
    proxy.close()


def steps(relay: Relay) -> int:
    try:
        return relay.step(NOON)
    except BrokerUnavailable:
        return -1


def test_a_broker_that_is_not_there_is_named_and_nothing_is_lost(bus: RabbitBus) -> None:
    bus.relay.close()
    publisher = PikaPublisher("amqp://guest:guest@127.0.0.1:1/%2F", connect_within=1.0)
    relay = Relay(bus.segments, publisher, service="segments")
    tell(bus.segments, booked(1))
    with pytest.raises(BrokerUnavailable):
        until(lambda: relay.step(NOON) == 1)
    relay.close()
    publisher.close()
    bus.drain()
    assert counted(bus.campaigns) == (1, 1)


def test_a_publisher_whose_exchange_is_missing_says_so(bus: RabbitBus) -> None:
    with bus.channel() as channel:
        channel.exchange_delete("guestloop")
    tell(bus.segments, booked(1))
    with pytest.raises(BrokerUnavailable, match="no exchange 'guestloop'"):
        until(lambda: bus.relay.step(NOON) == 1)


def test_while_the_database_is_away_the_batch_waits_and_nothing_is_requeued(bus: RabbitBus) -> None:
    consumer = live(bus)
    handle, refusals = consumer.receiver.consumer.handle, [DatabaseUnavailable(), DatabaseUnavailable()]

    def handle_later(*arguments: Any) -> Handled:
        if refusals:
            raise refusals.pop()
        return handle(*arguments)

    consumer.receiver.consumer.handle = handle_later  # type: ignore[assignment]
    tell(bus.segments, booked(1))
    relay_all(bus)
    with listening(consumer):
        until(lambda: len(kept(bus.campaigns)) == 1)
    assert not refusals
    assert counted(bus.campaigns) == (1, 1)


@pytest.mark.parametrize("driven", [True, False])
def test_what_cannot_be_ours_is_rejected_to_the_dead_queue_and_becomes_a_row(bus: RabbitBus, driven: bool) -> None:
    with bus.channel() as channel:
        for kind, properties in ((JSON, {}), (JSON, {"message_id": "7"}), ("text/plain", {"message_id": str(NOON)})):
            properties["type"] = "stay.booked.v1"
            message = channel.prepare_message(b"who knows", content_type=kind, properties=properties)
            channel.basic_publish(message, exchange="guestloop", routing_key="stay.booked.v1.stay")
    tell(bus.segments, booked(1))
    relay_all(bus)
    if driven:
        until(lambda: bus.drain() == 0 and letters(bus) == 1)
    else:
        with listening(live(bus)):
            until(lambda: len(kept(bus.campaigns)) == 1 and letters(bus) == 1)
    assert counted(bus.campaigns) == (1, 1)
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx, subscription="stays", type_name="stay.booked.v1")
    assert "rejected" in letter.reason


def letters(bus: RabbitBus) -> int:
    """Dead letters; three messages of one body and no id are one."""
    with bus.campaigns.transaction() as tx:
        return len(search(tx))
