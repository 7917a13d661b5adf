"""What the bus promises when processes, connections and transactions end in the middle, under every publisher."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from shared.bus.consumer import Handled
from shared.bus.outbox import publish
from shared.bus.publisher import OutboxRow, Published, Publisher
from shared.bus.rabbit.consumer import RabbitConsumer
from shared.bus.relay import Relay
from shared.bus.subscriptions import Subscription
from shared.database.pool import Tx
from shared.errors import DatabaseUnavailable
from shared.events.dictionary import Chunk, event_type
from shared.ids import make_id
from tests.bus.buses import Bus, ConsumerRole
from tests.bus.toy import (
    NOON,
    STAYS,
    booked,
    count,
    counted,
    keep_stays,
    kept,
    stay_id,
    tell,
)
from tests.loopback import PATIENCE


class Died(BaseException):
    """The process ends here, as by SIGKILL: no handler of errors sees it."""


class DiesAfterPublishing:
    """Publishes, and never comes to say so."""

    def __init__(self, inner: Publisher) -> None:
        self._inner = inner
        self.connections, self.holds_back = inner.connections, inner.holds_back

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        self._inner.publish(batch)
        raise Died

    def close(self) -> None:
        self._inner.close()


def test_a_relay_that_dies_between_publish_and_mark_sends_again_and_the_inbox_drops_it(bus: Bus) -> None:
    tell(bus.segments, *[booked(number) for number in range(10)])
    bus.relay.close()
    dying = Relay(bus.segments, DiesAfterPublishing(bus.publisher), service="segments")
    with pytest.raises(Died):
        dying.step(NOON)
    dying.close()
    assert len(bus.pending()) == 1
    bus.drain()
    assert counted(bus.campaigns) == (1, 10)
    assert not bus.pending()


def test_a_consumer_that_dies_before_its_commit_leaves_no_trace_and_is_repeated(bus: Bus) -> None:
    def dies(tx: Tx, chunk: Chunk, now: datetime) -> None:
        keep_stays(tx, chunk, now)
        raise Died

    tell(bus.segments, booked(1))
    dying = bus.new_consumer(Subscription("stays", {"stay.booked.v1": dies, "stay.cancelled.v1": dies}))
    with pytest.raises(Died):
        bus.drain(consumer=dying)
    dying.close()
    assert kept(bus.campaigns) == {}
    assert count(bus.campaigns, "inbox") == 0
    bus.drain()
    assert counted(bus.campaigns) == (1, 1)


def test_a_consumer_that_dies_before_its_acknowledgement_is_repeated_without_effect(bus: Bus) -> None:
    """The mailbox has no such moment: its message goes with the commit."""
    tell(bus.segments, booked(1))
    dying = bus.new_consumer(STAYS)
    if not isinstance(dying, RabbitConsumer):
        bus.drain(consumer=dying)
        bus.send_all_again()
    else:
        handle = dying.receiver.consumer.handle

        def handle_and_die(*arguments: object) -> Handled:
            handle(*arguments)  # type: ignore[arg-type]
            raise Died

        dying.receiver.consumer.handle = handle_and_die  # type: ignore[assignment]
        with pytest.raises(Died):
            bus.drain(consumer=dying)
        dying.close()
    bus.drain()
    assert counted(bus.campaigns) == (1, 1)
    assert bus.drain() == 0


def test_a_deadlock_is_run_again_and_is_no_attempt(bus: Bus) -> None:
    tell(bus.segments, booked(1), booked(2))
    bus.drain()
    first_lock, both = threading.Event(), threading.Event()
    victims: list[str] = []

    def locks_one_then_two(tx: Tx, chunk: Chunk, now: datetime) -> None:
        if not victims:
            victims.append("me")
            tx.execute("set local deadlock_timeout = '20ms'")
            lock(tx, 1)
            first_lock.set()
            assert both.wait(PATIENCE)
            lock(tx, 2)
        keep_stays(tx, chunk, now)

    def locks_two_then_one() -> None:
        with bus.campaigns.transaction() as tx:
            tx.execute("set local deadlock_timeout = '90s'")
            lock(tx, 2)
            assert first_lock.wait(PATIENCE)
            both.set()
            lock(tx, 1)

    def lock(tx: Tx, number: int) -> None:
        tx.execute("select from heard_stay where stay_id = %s for update", (stay_id(number),))

    tell(bus.segments, booked(1, version=2), booked(2, version=2))
    other = threading.Thread(target=locks_two_then_one)
    other.start()
    consumer = bus.new_consumer(Subscription("stays", {"stay.booked.v1": locks_one_then_two}))
    bus.drain(consumer=consumer)
    other.join()
    consumer.close()
    assert [each.version for each in kept(bus.campaigns).values()] == [2, 2]
    assert count(bus.campaigns, "dead_letter") == 0


def test_a_lost_database_connection_is_opened_again_and_is_no_attempt(bus: Bus) -> None:
    lost: list[bool] = []

    def loses_it_once(tx: Tx, chunk: Chunk, now: datetime) -> None:
        if not lost:
            lost.append(True)
            tx.execute("select pg_terminate_backend(pg_backend_pid())")
        keep_stays(tx, chunk, now)

    tell(bus.segments, booked(1), booked(2))
    consumer = bus.new_consumer(Subscription("stays", {"stay.booked.v1": loses_it_once}))
    bus.drain(consumer=consumer)
    consumer.close()
    assert lost
    assert counted(bus.campaigns) == (1, 2)
    assert count(bus.campaigns, "dead_letter") == 0


def test_the_effect_and_what_it_makes_the_hearer_say_are_one(bus: Bus) -> None:
    """A handler that says something and then fails has said nothing."""
    ids: list[Any] = [make_id("toy message", 1)]

    def says_and_fails(tx: Tx, chunk: Chunk, now: datetime) -> None:
        withdrawn: dict[str, list[Any]] = {"message_id": ids, "version": [1], "guest_id": ids}
        withdrawn |= {"reason": ["booked"], "withdrawn_at": [now]}
        publish(tx, Chunk(event_type("message.withdrawn.v1"), withdrawn), at=now)
        assert count(bus.campaigns, "outbox") == 0
        raise ValueError(f"these {len(chunk)} will not do")

    tell(bus.segments, booked(1))
    consumer = bus.new_consumer(Subscription("stays", {"stay.booked.v1": says_and_fails}))
    bus.drain(consumer=consumer)
    consumer.close()
    assert count(bus.campaigns, "outbox") == 0
    assert count(bus.campaigns, "dead_letter") == 1


def test_two_consumers_share_the_work_without_doing_any_twice(bus: Bus) -> None:
    for number in range(120):
        tell(bus.segments, booked(number))
    while bus.relay.step(NOON):
        pass
    consumers = [bus.new_consumer(STAYS) for _ in range(2)]

    def work(consumer: ConsumerRole) -> None:
        while consumer.step(NOON):
            pass

    threads = [threading.Thread(target=work, args=(consumer,)) for consumer in consumers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for consumer in consumers:
        consumer.close()
    bus.drain()
    assert counted(bus.campaigns)[1] == 120


def test_a_relay_without_the_lock_stands_by_until_the_other_is_gone(bus: Bus) -> None:
    tell(bus.segments, booked(1))
    standby = Relay(bus.segments, bus.publisher, service="segments")
    assert bus.relay.step(NOON) == 1
    tell(bus.segments, booked(2))
    assert standby.step(NOON) == 0
    bus.relay.close()
    deadline = time.monotonic() + PATIENCE
    while standby.step(NOON) == 0:  # the server notices a little later that the lock's session is gone
        assert time.monotonic() < deadline
    standby.close()


def test_a_relay_that_lost_its_database_goes_on_with_a_new_connection(bus: Bus) -> None:
    tell(bus.segments, booked(1))
    bus.drain()
    with bus.segments.transaction() as tx:
        tx.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name like '%relay'"
        )
    tell(bus.segments, booked(2))
    with pytest.raises(DatabaseUnavailable):
        bus.relay.step(NOON)
    bus.drain()
    assert len(kept(bus.campaigns)) == 2
