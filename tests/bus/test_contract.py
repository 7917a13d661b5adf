"""What the bus promises, under every publisher: never lost, never twice, never blocked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.consumer import Handled
from shared.database import Tx
from shared.dead_letters import drop, replay, search, show
from shared.errors import DatabaseUnavailable
from shared.events.dictionary import Chunk, chunk_of, event_type
from shared.events.segments import GuestErased, StayBooked
from shared.events.wire import encode
from shared.hearing import Concern
from shared.ids import make_id
from shared.outbox import say
from shared.publishers import OutboxRow, Published, Publisher
from shared.rabbit_consumer import RabbitConsumer
from shared.relay import Relay
from shared.republish import Key, republish
from tests.bus.buses import Bus, ConsumerRole
from tests.bus.toy import (
    LATER,
    NOON,
    STAYS,
    booked,
    cancelled,
    count,
    counted,
    keep_stays,
    kept,
    stay_id,
    tell,
)


class Died(BaseException):
    """The process ends here, as by SIGKILL: no handler of errors sees it."""


def pending(bus: Bus) -> list[tuple[str, int, str | None]]:
    with bus.segments.transaction() as tx:
        query = "select type, attempts, last_error from outbox where published_at is null order by id"
        return [(row[0], row[1], row[2]) for row in tx.execute(query)]


def send_all_again(bus: Bus) -> None:
    with bus.segments.transaction() as tx:
        tx.execute("update outbox set published_at = null")


def message(number: int, body: bytes, name: str = "stay.booked.v1") -> OutboxRow:
    headers = {"ce-type": name, "ce-time": "2016-03-01T12:00:00Z"}
    return OutboxRow(number, make_id("crafted", number), name, "stay", headers, body)


def stays_body(*stays: StayBooked) -> bytes:
    return encode(chunk_of(stays))


def test_what_is_said_is_heard_once(bus: Bus) -> None:
    tell(bus.segments, *[booked(number) for number in range(1200)])
    tell(bus.segments, cancelled(7))
    bus.drain()
    assert len(kept(bus.campaigns)) == 1200
    assert kept(bus.campaigns)[stay_id(7)].status == "cancelled"
    assert counted(bus.campaigns)[1] == 1201
    assert not pending(bus)
    assert bus.drain() == 0


def test_the_whole_outbox_sent_again_has_no_second_effect(bus: Bus) -> None:
    for number in range(40):
        tell(bus.segments, booked(number))
    bus.drain()
    before = counted(bus.campaigns), kept(bus.campaigns)
    send_all_again(bus)
    assert bus.drain() > 0
    assert (counted(bus.campaigns), kept(bus.campaigns)) == before


def test_the_greater_version_wins_in_whatever_order_messages_come(bus: Bus) -> None:
    later, sooner = message(1, stays_body(booked(1, version=5))), message(2, stays_body(booked(1, version=4)))
    for each in (later, sooner):
        bus.publisher.publish([each])
        bus.drain()
    assert kept(bus.campaigns)[stay_id(1)].version == 5
    bus.publisher.publish([message(3, stays_body(booked(2, version=3), booked(2, version=9), booked(2, version=8)))])
    bus.drain()
    assert kept(bus.campaigns)[stay_id(2)].version == 9


def test_the_same_words_on_another_occasion_are_another_message(bus: Bus) -> None:
    tell(bus.segments, booked(1))
    tell(bus.segments, booked(1))
    bus.drain()
    assert counted(bus.campaigns)[1] == 2


def test_a_body_that_cannot_be_read_is_set_aside_and_blocks_nobody(bus: Bus) -> None:
    bus.publisher.publish([message(1, b"\xff not json"), message(2, b"[1]"), message(3, stays_body(booked(1)))])
    bus.drain()
    assert list(kept(bus.campaigns)) == [stay_id(1)]
    with bus.campaigns.transaction() as tx:
        letters = search(tx, concern="stays")
    assert {letter.message_id for letter in letters} == {make_id("crafted", 1), make_id("crafted", 2)}
    assert all(letter.subject is None and letter.size for letter in letters)


def test_of_500_subjects_one_the_handler_refuses_is_set_aside_and_499_are_applied(bus: Bus) -> None:
    tell(bus.segments, *[booked(number, nights=5000 if number == 321 else 2) for number in range(500)])
    bus.drain()
    assert len(kept(bus.campaigns)) == 499
    assert stay_id(321) not in kept(bus.campaigns)
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx, key=str(stay_id(321)))
    assert letter.subject is not None
    assert letter.subject["nights"] == 5000
    assert "heard_stay_nights_check" in letter.reason
    assert letter.attempts == 1


def test_of_500_subjects_one_that_does_not_fit_the_dictionary_is_set_aside_and_499_are_applied(bus: Bus) -> None:
    body = json.loads(stays_body(*[booked(number) for number in range(500)]))
    body["version"][17] = "one"
    bus.publisher.publish([message(1, json.dumps(body).encode())])
    bus.drain()
    assert len(kept(bus.campaigns)) == 499
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx)
    assert "version" in letter.reason


def test_what_nobody_listens_to_stays_in_the_outbox_with_the_reason_and_blocks_nobody(bus: Bus) -> None:
    with bus.segments.transaction() as tx:
        erased = GuestErased(guest_id=make_id("toy guest", 1), version=1, occurred_at=NOON)
        say(tx, chunk_of([erased]), at=NOON)
    tell(bus.segments, booked(1))
    bus.drain()
    assert pending(bus) == [("guest.erased.v1", 1, "nobody listens to it (unroutable)")]
    assert list(kept(bus.campaigns)) == [stay_id(1)]
    assert bus.relay.next_due() == NOON + timedelta(seconds=0.5)
    bus.drain(LATER)
    assert pending(bus)[0][1] == 2


def test_what_a_queue_refuses_stays_in_the_outbox_and_goes_later(bus: Bus) -> None:
    with bus.refusing():
        tell(bus.segments, *[booked(number) for number in range(20)])
        while bus.relay.step(NOON):
            pass
        assert [attempts for _, attempts, _ in pending(bus)] == [1]
        assert kept(bus.campaigns) == {}
    bus.drain(NOON)
    assert kept(bus.campaigns) == {}  # put off, not hammered
    bus.drain(LATER)
    assert len(kept(bus.campaigns)) == 20
    assert not pending(bus)


class DiesAfterPublishing:
    """Publishes, and never comes to say so."""

    def __init__(self, inner: Publisher) -> None:
        self._inner = inner
        self.connections = inner.connections

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
    assert len(pending(bus)) == 1
    bus.drain()
    assert counted(bus.campaigns) == (1, 10)
    assert not pending(bus)


def test_a_consumer_that_dies_before_its_commit_leaves_no_trace_and_is_repeated(bus: Bus) -> None:
    def dies(tx: Tx, chunk: Chunk, now: datetime) -> None:
        keep_stays(tx, chunk, now)
        raise Died

    tell(bus.segments, booked(1))
    dying = bus.new_consumer(Concern("stays", {"stay.booked.v1": dies, "stay.cancelled.v1": dies}))
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
        send_all_again(bus)
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
            assert both.wait(5)
            lock(tx, 2)
        keep_stays(tx, chunk, now)

    def locks_two_then_one() -> None:
        with bus.campaigns.transaction() as tx:
            tx.execute("set local deadlock_timeout = '30s'")
            lock(tx, 2)
            assert first_lock.wait(5)
            both.set()
            lock(tx, 1)

    def lock(tx: Tx, number: int) -> None:
        tx.execute("select from heard_stay where stay_id = %s for update", (stay_id(number),))

    tell(bus.segments, booked(1, version=2), booked(2, version=2))
    other = threading.Thread(target=locks_two_then_one)
    other.start()
    consumer = bus.new_consumer(Concern("stays", {"stay.booked.v1": locks_one_then_two}))
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
    consumer = bus.new_consumer(Concern("stays", {"stay.booked.v1": loses_it_once}))
    bus.drain(consumer=consumer)
    consumer.close()
    assert lost
    assert counted(bus.campaigns) == (1, 2)
    assert count(bus.campaigns, "dead_letter") == 0


def test_a_repaired_handler_takes_its_dead_letters_back(bus: Bus) -> None:
    tell(bus.segments, booked(1, nights=5000), booked(2, nights=6000), booked(3))
    bus.drain()
    with bus.campaigns.transaction() as tx:
        numbers = sorted(letter.id for letter in search(tx))
        assert len(numbers) == 2
        assert replay(tx, numbers, LATER, concerns=[STAYS]) == 0
        assert [show(tx, number).attempts for number in numbers] == [2, 2]
        tx.execute("alter table heard_stay drop constraint heard_stay_nights_check")
        assert replay(tx, numbers[:1], LATER, concerns=[STAYS]) == 1
        assert drop(tx, numbers[1:]) == 1
        assert search(tx) == []
    assert len(kept(bus.campaigns)) == 2


def test_republishing_refills_an_emptied_read_model(bus: Bus) -> None:
    tell(bus.segments, *[booked(number, version=3) for number in range(30)])
    bus.drain()
    with bus.campaigns.transaction() as tx:
        tx.execute("delete from heard_stay where nights > 0")
    tell(bus.segments, booked(5, version=4))

    def present_stays(_tx: Tx, after: Key | None, most: int) -> Chunk:
        first = 0 if after is None else [stay_id(number) for number in range(30)].index(after[0]) + 1
        stays = [booked(number, version=3) for number in range(first, min(first + most, 30))]
        return chunk_of(stays) if stays else Chunk(event_type("stay.booked.v1"), {"stay_id": []})

    assert republish(bus.segments, present_stays, LATER, most=7) == 30
    bus.drain(LATER)
    refilled = kept(bus.campaigns)
    assert len(refilled) == 30
    assert [stay.stay_id for stay in refilled.values() if not stay.republished] == [stay_id(5)]
    assert refilled[stay_id(5)].version == 4


def test_the_effect_and_what_it_makes_the_hearer_say_are_one(bus: Bus) -> None:
    """A handler that says something and then fails has said nothing."""
    ids: list[Any] = [make_id("toy task", 1)]

    def says_and_fails(tx: Tx, chunk: Chunk, now: datetime) -> None:
        requested: dict[str, list[Any]] = {
            "task_id": ids,
            "version": [1],
            "guest_id": ids,
            "property": [None],
            "journey": ["x"],
        }
        requested |= {"kind": ["call"], "due_at": [now]}
        say(tx, Chunk(event_type("task.requested.v1"), requested), at=now)
        assert count(bus.campaigns, "outbox") == 0
        raise ValueError(f"these {len(chunk)} will not do")

    tell(bus.segments, booked(1))
    consumer = bus.new_consumer(Concern("stays", {"stay.booked.v1": says_and_fails}))
    bus.drain(consumer=consumer)
    consumer.close()
    assert count(bus.campaigns, "outbox") == 0
    assert count(bus.campaigns, "dead_letter") == 1


def test_a_type_without_a_handler_is_set_aside(bus: Bus) -> None:
    tell(bus.segments, booked(1))
    consumer = bus.new_consumer(Concern("stays", {}))
    bus.drain(consumer=consumer)
    consumer.close()
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx)
        assert "no handler" in letter.reason
        assert replay(tx, [letter.id], LATER, concerns=[STAYS]) == 1
    assert list(kept(bus.campaigns)) == [stay_id(1)]


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
    deadline = time.monotonic() + 10
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
