"""Several relays of one service at work: nothing is lost, and what is told of one subject leaves in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bus.backlog import OF_A_PARTITION, Waiting
from shared.bus.partitions.pending import OF_PARTS, OTHERS
from shared.bus.partitions.spread import part_of, spread
from shared.bus.partitions.turns import ABANDONED, LOOKS_EVERY
from shared.bus.relay import WALK_THE_INDEX
from shared.bus.roles import Service
from shared.clock import VirtualClock
from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database
from shared.events.dictionary import Lane, chunk_of
from tests.bus.conftest import BareDatabase
from tests.bus.side_by_side import Heard, House, first_times, held, of, waiting, write
from tests.bus.toy import NOON, booked, stay_id
from tests.databases import Lending

Act = tuple[Any, ...]


@pytest.fixture
def segments(bare_database: BareDatabase) -> Database:
    return bare_database("segments")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def house(segments: Database, heard: Heard) -> Iterator[House]:
    made = House(segments, heard)
    yield made
    made.close()


def test_a_subject_is_of_one_partition_for_ever() -> None:
    """Whoever changes this line changes where messages are that wait."""
    assert [part_of(f"guest {number}", 4) for number in range(8)] == [2, 0, 2, 0, 3, 1, 3, 1]
    chunk = chunk_of([booked(number % 7, version=number + 1) for number in range(100)])
    parts = dict(spread(chunk, 4))
    assert sorted(version for part in parts.values() for version in part["version"]) == list(range(1, 101))
    assert all(part_of(str(one), 4) == part for part, some in parts.items() for one in some["stay_id"])
    assert all(some["version"] == sorted(some["version"]) for some in parts.values())
    assert dict(spread(chunk, 1)) == {0: chunk}


def test_all_subjects_of_a_message_are_of_its_partition(segments: Database) -> None:
    write(of(segments, 3), *((number, 1) for number in range(60)))
    with segments.glance() as tx:
        rows = tx.execute("select partitions, part, body from outbox").fetchall()
    assert {(partitions, part) for partitions, part, _ in rows} == {(3, 0), (3, 1), (3, 2)}
    assert sum(len(orjson.loads(body)["stay_id"]) for *_, body in rows) == 60
    assert all(part_of(one, 3) == part for _, part, body in rows for one in orjson.loads(body)["stay_id"])


def test_relays_share_the_partitions_and_take_over_those_of_one_that_died(house: House) -> None:
    house.start(4)
    house.round()
    assert held(house) == [(0, 1, 2, 3)]
    house.start(4)
    for _ in range(3):
        house.round()
    assert sorted(map(len, held(house))) == [2, 2]
    assert sorted(part for parts in held(house) for part in parts) == [0, 1, 2, 3]
    house.kill(0)
    house.until(lambda: held(house) == [(0, 1, 2, 3)])
    assert [relay.leads for relay in house.relays] == [True]


def test_of_more_relays_than_partitions_the_others_stand_by(house: House) -> None:
    for _ in range(3):
        house.start(2)
    for _ in range(4):
        house.round()
    assert sorted(map(len, held(house))) == [0, 1, 1]
    assert sum(relay.is_active for relay in house.relays) == 2


def test_what_another_relay_has_room_for_and_does_not_take_is_not_left_lying(house: House, heard: Heard) -> None:
    """It hangs: it has joined, and asks for nothing more."""
    first, hanging = house.start(2), house.start(2)
    house.round([0])
    hanging._turns._join(house.now)
    for _ in range(2 + ABANDONED // LOOKS_EVERY):
        house.round([0])
    assert 0 in first._turns.held
    write(of(house.database, 2), *((number, 1) for number in range(20)))
    house.until(lambda: waiting(house.database) == 0, [0])
    assert len(heard.versions) == 20


def test_a_relay_of_another_number_waits_until_the_last_of_the_one_before_is_gone(house: House) -> None:
    """A single partition's relay as well, as of the version before, which takes the lock for itself alone."""
    numbers = [1, 2, 4, 1]
    for before, after in pairwise(numbers):
        if not house.relays:
            house.start(before)
            house.round()
        house.start(after)
        house.round()
        assert [relay.is_active for relay in house.relays] == [True, False]
        house.kill(0)
        house.until(lambda: house.relays[0].is_active)


@pytest.mark.parametrize("leader_first", [True, False])
@pytest.mark.parametrize("publishers", [(1, 4), (4, 1), (3, 4)], ids=["one-before", "one-after", "another-before"])
def test_what_was_split_otherwise_waits_for_what_is_before_it_and_holds_what_is_after(
    house: House, heard: Heard, segments: Database, publishers: tuple[int, int], leader_first: bool
) -> None:
    """Each relay has a partition: nobody runs ahead, who has the first one neither."""
    for _ in range(4):
        house.start(4)
    house.until(lambda: sorted(held(house)) == [(0,), (1,), (2,), (3,)])
    for version in range(1, 9):
        write(of(segments, publishers[version % 2]), *((number, version) for number in range(12)))
    order = sorted(range(4), key=lambda place: held(house)[place], reverse=not leader_first)
    house.until(lambda: waiting(segments) == 0, order)
    assert first_times(heard) == {("stay", str(stay_id(number))): list(range(1, 9)) for number in range(12)}


def test_a_row_that_was_put_off_holds_nobody_up(house: House, heard: Heard, segments: Database) -> None:
    write(segments, *((number, 1) for number in range(12)))
    with segments.transaction() as tx:
        tx.execute("update outbox set available_at = %s", [NOON + timedelta(hours=1)])
    write(of(segments, 2), *((number, 2) for number in range(12)))
    house.start(2)
    house.until(lambda: waiting(segments) == 1)
    assert {tuple(versions) for versions in heard.versions.values()} == {(2,)}


def test_what_a_broker_forgot_is_sent_again_by_whoever_takes_its_partition_over(
    house: House, heard: Heard, segments: Database
) -> None:
    """The broker died after the one partition's relay did: nobody who has it saw the new connection."""
    house.start(2)
    house.start(2)
    for _ in range(3):
        house.round()
    write(of(segments, 2), *((number, 1) for number in range(12)))
    house.drain()
    house.kill(0)
    heard.versions.clear()
    heard.connections += 1
    house.until(lambda: held(house) == [(0, 1)])
    house.drain()
    assert len(heard.versions) == 12


def test_what_waits_is_told_by_partition_of_those_split_otherwise_apart(segments: Database) -> None:
    write(of(segments, 2), *((number, 1) for number in range(20)))
    write(of(segments, 3), *((number, 1) for number in range(20)))
    write(segments, (1, 2))
    service = Service("segments", of(segments, 2), (), (), Path())
    waiting = Waiting(service, "", VirtualClock(NOON + timedelta(minutes=1)), is_active=lambda: True)
    told = {(one.name, one.labels["partition"]): one.value for each in waiting._in_partitions() for one in each.samples}
    pending, age = OF_A_PARTITION
    assert {part: told[pending, part] for part in ("0", "1", "any")} == {"0": 1, "1": 1, "any": 4}
    assert {part: told[age, part] for part in ("0", "1", "any")} == dict.fromkeys(("0", "1", "any"), 60)
    alone = Waiting(Service("segments", segments, (), (), Path()), "", VirtualClock(NOON), is_active=lambda: True)
    assert alone._in_partitions() == ()


PLAN = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True), st.booleans()),
        st.tuples(st.just("told"), st.sampled_from([1, 2, 3])),
        st.tuples(st.just("start"), st.sampled_from([1, 2, 3])),
        st.tuples(st.just("kill"), st.integers(0, 5)),
        st.tuples(st.just("round"), st.permutations(range(4))),
    ),
    max_size=30,
)


def played(lending: Lending, plan: list[Act], seed: int) -> None:
    """What is written, told, started and killed in any order: at its end everything was heard, in order by subject."""
    with lending.of_one_test() as make:
        segments, heard = make("segments", bare=True), Heard()
        heard.fails, heard.failures = Random(seed), 0.3
        house, partitions, versions = House(segments, heard), 1, defaultdict[int, int](int)
        written: dict[tuple[str, str], list[int]] = defaultdict(list)
        for act in plan:
            match act:
                case ("write", [*numbers], bool(offers)):
                    lane = Lane.MARKETING if offers else Lane.STAY
                    for number in numbers:
                        versions[number] += 1
                        written[str(lane), str(stay_id(number))].append(versions[number])
                    write(of(segments, partitions), *((one, versions[one]) for one in numbers), lane=lane)
                case ("told", int(number)):
                    partitions = number
                case ("start", int(number)) if len(house.relays) < 4:
                    house.start(number)
                case ("kill", int(place)) if house.relays:
                    house.kill(place)
                case ("round", [*order]):
                    house.round(order)
        if not house.relays:
            house.start(partitions)
        house.drain()
        house.close()
        assert first_times(heard) == written


@settings(max_examples=12)
@given(plan=PLAN, seed=st.integers(0, 99))
def test_whatever_dies_and_whatever_is_told_each_subject_is_heard_in_order(
    lending: Lending, plan: list[Act], seed: int
) -> None:
    played(lending, plan, seed)


@pytest.mark.proof
@settings(max_examples=600)
@given(plan=PLAN, seed=st.integers(0, 99))
def test_so_it_is_in_hundreds_of_histories(lending: Lending, plan: list[Act], seed: int) -> None:
    played(lending, plan, seed)


@pytest.mark.parametrize("question", [OF_PARTS, f"select {OTHERS}"], ids=["poll", "others"])
def test_a_poll_reads_nothing_of_what_others_have(segments: Database, question: str) -> None:
    """Ten thousand messages wait in the other partition: neither poll looks at them."""
    with segments.transaction() as tx:
        tx.execute(
            """
            insert into outbox (
                message_id, type, lane, headers, body, subjects, created_at, available_at, partitions, part
            )
            select gen_random_uuid(), 'stay.booked.v1', 'stay', '{}', '', 1, %(at)s, %(at)s, 2, number %% 10000 / 9999
            from generate_series(1, 10000) as number
            """,
            {"at": NOON},
        )
        tx.execute("analyze outbox")
    given_ = {"partitions": 2, "parts": [1], "leads": False, "now": NOON}
    session = DedicatedConnection(segments, "relay", settings=WALK_THE_INDEX).connection()
    plan = session.execute(f"explain (analyze, buffers, format json) {question}", given_).fetchall()[0][0][0]["Plan"]
    session.close()
    assert "outbox_by_part" in str(plan) and "outbox_pkey" not in str(plan)
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 30, plan
