"""What the bus promises, under every publisher: never lost, never twice, never blocked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from shared.bus.dead_letters import drop, replay, search, show
from shared.bus.outbox import publish
from shared.bus.publisher import OutboxRow
from shared.bus.republish import Key, republish
from shared.bus.subscriptions import Subscription
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of, event_type
from shared.events.segments.guests import GuestErased
from shared.events.segments.stays import StayBooked
from shared.events.wire import encode
from shared.ids import make_id
from tests.bus.buses import Bus
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


def message(number: int, body: bytes, name: str = "stay.booked.v1") -> OutboxRow:
    headers = {"ce-type": name, "ce-time": "2016-03-01T12:00:00Z"}
    return OutboxRow(number, make_id("crafted", number), name, "stay", headers, body, NOON)


def stays_body(*stays: StayBooked) -> bytes:
    return encode(chunk_of(stays))


def test_what_is_said_is_heard_once(bus: Bus) -> None:
    tell(bus.segments, *[booked(number) for number in range(1200)])
    tell(bus.segments, cancelled(7))
    bus.drain()
    assert len(kept(bus.campaigns)) == 1200
    assert kept(bus.campaigns)[stay_id(7)].status == "cancelled"
    assert counted(bus.campaigns)[1] == 1201
    assert not bus.pending()
    assert bus.drain() == 0


def test_the_whole_outbox_sent_again_has_no_second_effect(bus: Bus) -> None:
    for number in range(40):
        tell(bus.segments, booked(number))
    bus.drain()
    before = counted(bus.campaigns), kept(bus.campaigns)
    bus.send_all_again()
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
        letters = search(tx, subscription="stays")
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


@pytest.mark.parametrize("poison", ["NUL \x00", "half a pair \ud800"])
def test_text_that_no_table_can_hold_is_set_aside_and_blocks_nobody(bus: Bus, poison: str) -> None:
    def keeps_reservations(tx: Tx, chunk: Chunk, now: datetime) -> None:
        tx.execute("select unnest(%s::text[])", (chunk["reservation"],))
        keep_stays(tx, chunk, now)

    body = json.loads(stays_body(booked(1), booked(2), booked(3)))
    body["reservation"][1] = poison
    bus.publisher.publish([message(1, json.dumps(body).encode())])
    consumer = bus.new_consumer(Subscription("stays", {"stay.booked.v1": keeps_reservations}))
    bus.drain(consumer=consumer)
    consumer.close()
    assert set(kept(bus.campaigns)) == {stay_id(1), stay_id(3)}
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx, key=str(stay_id(2)))
        assert letter.subject is not None
        assert letter.subject["reservation"] == poison
        assert replay(tx, [letter.id], LATER, subscriptions=[STAYS]) == 1  # whose handler does not keep reservations


def test_what_only_the_commit_would_refuse_is_set_aside(bus: Bus) -> None:
    with bus.campaigns.transaction() as tx:
        tx.execute("alter table heard_stay add constraint later unique (version) deferrable initially deferred")
    tell(bus.segments, booked(1, version=1), booked(2, version=2), booked(3, version=2), booked(4, version=4))
    bus.drain()
    assert len(kept(bus.campaigns)) == 3
    assert count(bus.campaigns, "dead_letter") == 1


def test_what_nobody_listens_to_stays_in_the_outbox_with_the_reason_and_blocks_nobody(bus: Bus) -> None:
    with bus.segments.transaction() as tx:
        erased = GuestErased(guest_id=make_id("toy guest", 1), version=1, occurred_at=NOON)
        publish(tx, chunk_of([erased]), at=NOON)
    tell(bus.segments, booked(1))
    bus.drain()
    assert bus.pending() == [("guest.erased.v1", 1, "nobody listens to it (unroutable)")]
    assert list(kept(bus.campaigns)) == [stay_id(1)]
    assert bus.relay.next_due() == NOON + timedelta(seconds=0.5)
    bus.drain(LATER)
    assert bus.pending()[0][1] == 2


def test_what_a_queue_refuses_stays_in_the_outbox_and_goes_later(bus: Bus) -> None:
    with bus.refusing():
        tell(bus.segments, *[booked(number) for number in range(20)])
        while bus.relay.step(NOON):
            pass
        assert [attempts for _, attempts, _ in bus.pending()] == [1]
        assert kept(bus.campaigns) == {}
    bus.drain(NOON)
    assert kept(bus.campaigns) == {}  # put off, not hammered
    bus.drain(LATER)
    assert len(kept(bus.campaigns)) == 20
    assert not bus.pending()


def test_a_repaired_handler_takes_its_dead_letters_back(bus: Bus) -> None:
    tell(bus.segments, booked(1, nights=5000), booked(2, nights=6000), booked(3))
    bus.drain()
    with bus.campaigns.transaction() as tx:
        numbers = sorted(letter.id for letter in search(tx))
        assert len(numbers) == 2
        assert replay(tx, numbers, LATER, subscriptions=[STAYS]) == 0
        assert [show(tx, number).attempts for number in numbers] == [2, 2]
        tx.execute("alter table heard_stay drop constraint heard_stay_nights_check")
        assert replay(tx, numbers[:1], LATER, subscriptions=[STAYS]) == 1
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


def test_a_type_without_a_handler_is_set_aside(bus: Bus) -> None:
    tell(bus.segments, booked(1))
    consumer = bus.new_consumer(Subscription("stays", {}))
    bus.drain(consumer=consumer)
    consumer.close()
    with bus.campaigns.transaction() as tx:
        (letter,) = search(tx)
        assert "no handler" in letter.reason
        assert replay(tx, [letter.id], LATER, subscriptions=[STAYS]) == 1
    assert list(kept(bus.campaigns)) == [stay_id(1)]
