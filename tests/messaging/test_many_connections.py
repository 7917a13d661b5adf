"""A sender whose provider takes many messages at once: what it claims ahead, records and gives back, and its pace."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.messaging.channels.flow import Flow
from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sender import Closed, Outcome, Outgoing
from services.messaging.config import Config
from services.messaging.store.sending import pace
from services.messaging.store.sending.claims import due_requests, lock_due_guests
from shared.embedded.server import EmbeddedPostgres
from shared.errors import DatabaseUnavailable
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, mobile, stay, survey

PATIENCE = 20.0
SECOND = timedelta(seconds=1)


class Lines:
    """A provider of four connections. While `held` is set, a message waits on its connection."""

    name, is_sandbox, connections, ahead, is_open = "lines", False, 4, 0, True

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.begun, self.going_on = threading.Semaphore(0), threading.Event()
        self.going_on.set()

    def line(self) -> Lines:
        return self

    def open(self) -> Closed | None:
        return None

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [self.one(message) for message in batch]

    def one(self, message: Outgoing, _coming: Sequence[Outgoing] = ()) -> Outcome:
        self.taken.append(message)
        self.begun.release()
        assert self.going_on.wait(PATIENCE)
        return Outcome(message_id=message.message_id, state=MessageState.SENT)

    def rest(self) -> None:
        """Nothing is held open."""

    def hold(self) -> None:
        self.going_on.clear()

    def await_taken(self, count: int) -> None:
        for _ in range(count):
            assert self.begun.acquire(timeout=PATIENCE)


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def hotel(make_database: MakeDatabase, lines: Lines) -> Hotel:
    database = make_database("messaging")
    found = Hotel(database, KeepingSender(database, lines))
    found.hears(lisbon())
    return found


def people(hotel: Hotel, count: int, first: int = 0) -> list[UUID]:
    ids = [make_id("guest", number) for number in range(first, first + count)]
    hotel.hears(*(guest(each, points=[email(hotel.keyring, f"{each}@mail.example.com")]) for each in ids))
    return ids


def test_what_is_under_way_when_a_step_ends_is_recorded_by_the_next(hotel: Hotel, lines: Lines) -> None:
    hotel.hears(*map(birthday, people(hotel, 3)))
    lines.hold()
    assert hotel.sender.step(MONDAY) == 3
    lines.await_taken(3)
    assert hotel.outcomes() == []
    assert hotel.sender.step(MONDAY) == 3  # nothing is due, and three are on their way
    lines.going_on.set()
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)] * 3
    assert len(lines.taken) == 3


def test_the_next_set_is_claimed_while_the_last_is_under_way(hotel: Hotel, lines: Lines) -> None:
    """A survey that comes meanwhile waits for no campaign message that is on a connection."""
    guests = people(hotel, 5)
    hotel.hears(*map(birthday, guests[:3]))
    lines.hold()
    hotel.sender.step(MONDAY)
    lines.await_taken(3)
    hotel.hears(stay("R1", guests[4]), survey("R1", guests[4]))
    hotel.sender.step(MONDAY)
    lines.await_taken(1)
    assert lines.taken[3].purpose == "feedback"
    lines.going_on.set()
    hotel.runs()
    assert len(hotel.outcomes()) == 4


def test_a_sender_that_ends_answers_for_what_is_under_way_and_gives_the_rest_back_at_once(
    hotel: Hotel, lines: Lines
) -> None:
    hotel.hears(*map(birthday, people(hotel, 10)))
    lines.hold()
    hotel.sender.step(MONDAY)
    lines.await_taken(4)
    threading.Timer(0.1, lines.going_on.set).start()
    hotel.sender.close()
    sent = len(lines.taken)
    assert 4 <= sent < 10
    assert hotel.outcomes() == [("sent", None)] * sent
    assert hotel.one("select count(*) from delivery where state = 'queued' and next_at = %s", MONDAY) == 10 - sent
    hotel.another_sender(KeepingSender(hotel.database, lines)).step(MONDAY)
    lines.await_taken(10 - 4)
    assert len({message.message_id for message in lines.taken}) == len(lines.taken) == 10


def test_when_the_database_is_lost_nothing_more_is_handed_over_and_no_answer_is_lost(
    hotel: Hotel, lines: Lines, cluster: EmbeddedPostgres
) -> None:
    hotel.hears(*map(birthday, people(hotel, 10)))
    lines.hold()
    hotel.sender.step(MONDAY)
    lines.await_taken(4)
    name = hotel.one("select current_database()")
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    with pytest.raises(DatabaseUnavailable):
        hotel.sender.step(MONDAY)
    lines.going_on.set()
    for _ in range(4):
        with suppress(DatabaseUnavailable, psycopg.OperationalError):
            while hotel.sender.step(MONDAY):
                pass
            assert len(hotel.outcomes()) == len(lines.taken) == 4
    hotel.runs(MONDAY + timedelta(minutes=1))  # what was not offered is due again
    assert hotel.outcomes() == [("sent", None)] * 10
    assert len(lines.taken) == 10


def test_what_a_living_sender_has_under_way_is_not_given_up_by_itself(
    make_database: MakeDatabase, lines: Lines
) -> None:
    database = make_database("messaging")
    hotel = Hotel(database, KeepingSender(database, lines), Config(lease=timedelta(minutes=10)))
    hotel.hears(lisbon())
    hotel.hears(birthday(people(hotel, 1)[0]))
    lines.hold()
    hotel.sender.step(MONDAY)
    lines.await_taken(1)
    hotel.sender.step(MONDAY + timedelta(minutes=11))
    assert hotel.outcomes() == []
    lines.going_on.set()
    hotel.runs(MONDAY + timedelta(minutes=11))
    assert hotel.outcomes() == [("sent", None)]


def test_two_senders_claim_at_once_and_neither_waits_for_the_other(hotel: Hotel) -> None:
    hotel.sender.step(MONDAY - timedelta(hours=1))
    hotel.hears(*map(birthday, people(hotel, 20)))
    with hotel.database.transaction() as one, hotel.database.transaction() as other:
        first, _ = lock_due_guests(one, MONDAY, 8)
        other.execute("set local lock_timeout = '30s'")
        second, _ = lock_due_guests(other, MONDAY, 8)
        assert len(due_requests(one, first, MONDAY)) == len(due_requests(other, second, MONDAY)) == 8
    assert not set(first) & set(second)


def test_a_guest_one_of_whose_messages_somebody_is_changing_is_left_for_later_whole(hotel: Hotel) -> None:
    guests = people(hotel, 2)
    changing, beside = birthday(guests[0]), birthday(guests[0], plan=2)
    hotel.hears(changing, beside, birthday(guests[1]))
    with hotel.database.transaction() as one, hotel.database.transaction() as other:
        one.execute("select from delivery where message_id = %s for update", [changing.message_id])
        other.execute("set local lock_timeout = '30s'")
        found, _ = lock_due_guests(other, MONDAY, 10)
        assert [request.guest_id for request in due_requests(other, found, MONDAY)] == [guests[1]]


def test_what_is_due_is_claimed_in_its_turn(hotel: Hotel) -> None:
    guests = people(hotel, 6)
    late = [birthday(each, due_at=MONDAY - number * SECOND) for number, each in enumerate(guests[:3])]
    urgent = replace(birthday(guests[3]), priority=90)
    hotel.hears(*late, urgent, birthday(guests[4], due_at=MONDAY + SECOND))
    hotel.hears(stay("R1", guests[5]), survey("R1", guests[5]))
    turns = [guests[5], guests[3], guests[2], guests[1], guests[0]]
    for most in range(1, 6):
        with hotel.database.transaction() as tx:
            found, _ = lock_due_guests(tx, MONDAY, most)
        assert set(found) == set(turns[:most])


def test_a_channel_that_has_enough_to_do_keeps_no_other_waiting(hotel: Hotel) -> None:
    guests = people(hotel, 2)
    hotel.hears(guest(ANA, points=[mobile(hotel.keyring, "+351920000001")]))
    both = replace(birthday(guests[0]), channels=["sms", "email"])
    hotel.hears(replace(birthday(ANA), channels=["sms"]), both, birthday(guests[1]))
    with hotel.database.transaction() as tx:
        assert set(lock_due_guests(tx, MONDAY, 10, ["sms"])[0]) == set(guests)
        assert lock_due_guests(tx, MONDAY, 10, ["sms", "email"])[0] == []


def test_a_claim_reads_by_index_and_sorts_nothing_that_is_due(hotel: Hotel) -> None:
    plans = []

    class Explained:
        def __init__(self, tx: Any) -> None:
            self._tx = tx

        def execute(self, query: str, params: Any) -> Any:
            plans.extend(self._tx.execute("explain (analyze, costs off, timing off, summary off) " + query, params))
            return self._tx.execute(query, params)

    for first in range(0, 2_000, 500):
        hotel.hears(*map(birthday, people(hotel, 500, first)))
    with hotel.database.transaction() as tx:
        tx.execute("analyze")
        found, _ = lock_due_guests(Explained(tx), MONDAY, 10)  # type: ignore[arg-type]
    plan = "\n".join(line for (line,) in plans)
    assert len(found) == 10
    assert "using delivery_turn on delivery" in plan
    assert "Seq Scan on delivery" not in plan
    assert "rows=2000" not in plan, plan


def test_a_pace_is_kept_by_all_senders_together_and_by_who_comes_after_them(hotel: Hotel) -> None:
    apart = timedelta(milliseconds=100)

    def reserve(at: Any = MONDAY, channel: str = "sms") -> Any:
        with hotel.database.transaction() as tx:
            return pace.reserve(tx, channel, 10, apart, at)

    with ThreadPoolExecutor(4) as threads:
        firsts = sorted(threads.map(lambda _: reserve(), range(4)))
    assert firsts == [MONDAY + number * SECOND for number in range(4)]
    assert reserve(MONDAY + 1.5 * SECOND) == MONDAY + 4 * SECOND  # whoever starts then finds what was reserved
    assert reserve(channel="email") == MONDAY  # each channel has its own
    assert reserve(MONDAY + 60 * SECOND) == MONDAY + 60 * SECOND  # what was not used is not made up for
    assert reserve(MONDAY - timedelta(hours=1)) == MONDAY - timedelta(hours=1)  # the clock was put back


def test_a_sender_with_a_pace_takes_no_more_than_it_was_given(make_database: MakeDatabase, lines: Lines) -> None:
    database = make_database("messaging")
    hotel = Hotel(database, KeepingSender(database, lines), Config(paces={"email": 1}))
    hotel.hears(lisbon())
    hotel.hears(*map(birthday, people(hotel, 3)))
    hotel.sender.step(MONDAY)
    lines.await_taken(1)
    hotel.sender.close()
    assert len(lines.taken) < 3
    given = hotel.one("select next_at from sender_pace where channel = 'email'")
    assert given >= MONDAY + len(lines.taken) * SECOND


def test_who_has_nothing_on_its_way_waits_for_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox keeps no connections: a role that waited for them would sleep after each claim."""
    monkeypatch.setattr(threading.Event, "wait", lambda *_: pytest.fail("it waits for nobody"))
    flow = Flow({Channel.EMAIL: Provider()}, most=10, paces={})
    flow.await_room(60.0)
    flow.await_end(60.0)
