"""An erased guest's messages go two years after their month. Their numbers stay: nothing that comes again undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import LockNotAvailable

from guestloop.operations.status import COUNTS
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.present_state import all_bounces, all_deliveries
from services.messaging.store.senders.counted import KEPT_DAYS
from shared.bus.consumer import Consumer, Incoming, enter_inbox
from shared.database.pool import Database
from shared.events.campaigns import MessageRequested
from shared.events.dictionary import chunk_of
from shared.events.segments.guests import GuestErased, GuestMerged
from shared.events.wire import encode
from shared.ids import make_id
from shared.personal_data.retention import subjects
from shared.personal_data.retention.run import Retention
from shared.personal_data.retention.subjects import subjects_of
from shared.personal_data.retention.terms import KEEPING, Terms
from shared.vocabulary.message import KEPT_AS, MessageState
from shared.vocabulary.personal_data import Kept
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, withdrawn
from tests.messaging.keeping import drop_all

DELIVERIES = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "delivery")
OVER = datetime(MONDAY.year + 2, MONDAY.month + 1, 1, tzinfo=UTC)
THE_NIGHT_BEFORE = OVER - timedelta(days=1)
A_RECEIPT = """
    insert into receipt (message_id, version, channel, state, rank, happened_at, reported_at)
    select message_id, 1, 'email', %s, 1, changed_at, changed_at from delivery where message_id = %s
"""


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("messaging")


def erased(*guests: UUID) -> list[GuestErased]:
    return [GuestErased(guest_id=one, version=9, occurred_at=MONDAY) for one in guests]


def of_ben(**more: Any) -> MessageRequested:
    return birthday(guest_id=BEN, message_id=make_id("message", "ben"), **more)


def drop(database: Database, now: datetime = OVER) -> int:
    with database.transaction() as tx:
        return drop_all(DELIVERIES, tx, now)


def left(hotel: Hotel) -> dict[UUID, int]:
    return dict(hotel.all("select message_id, outcome from delivery_left"))


def everything(hotel: Hotel) -> list[list[tuple[Any, ...]]]:
    """Whatever a replay could have made."""
    tables = ("delivery", "delivery_left", "decision", "receipt", "recipient", "outbox")
    return [hotel.all(f"select * from {table} order by 1") for table in tables]


@pytest.fixture
def hotel(database: Database) -> Hotel:
    """Ana's message went, and arrived; she is erased. Ben's went too, and he is a guest."""
    hotel = Hotel(database)
    ben = guest(BEN, points=[email(hotel.keyring, "ben@example.com")])
    hotel.hears(lisbon(), reached(hotel), ben, birthday(), of_ben())
    hotel.runs()
    for one in (birthday(), of_ben()):
        with database.transaction() as tx:
            tx.execute(A_RECEIPT, ["delivered", one.message_id])
    hotel.hears(*erased(ANA))
    return hotel


def test_they_go_with_what_hangs_on_them_and_leave_their_number_and_how_they_ended(hotel: Hotel) -> None:
    assert drop(hotel.database, THE_NIGHT_BEFORE) == 0
    assert drop(hotel.database) == 1
    assert hotel.all("select message_id from delivery") == [(of_ben().message_id,)]
    assert hotel.all("select message_id from receipt") == [(of_ben().message_id,)]
    assert left(hotel) == {birthday().message_id: KEPT_AS[MessageState.SENT]}
    assert drop(hotel.database) == 0


@pytest.mark.parametrize("kind", ["request", "newer request", "withdrawal", "all of them at once"])
def test_what_comes_again_years_later_does_nothing(hotel: Hotel, kind: str) -> None:
    taken = withdrawn(birthday(), version=5)
    told: Mapping[str, list[Any]] = {
        "request": [birthday()],
        "newer request": [birthday(version=7, due_at=OVER, useful_until=OVER + timedelta(days=9))],
        "withdrawal": [taken],
        "all of them at once": [birthday(), birthday(version=7), taken],
    }
    drop(hotel.database)
    before = everything(hotel)
    hotel.hears(*told[kind], at=OVER)
    hotel.runs(OVER)
    hotel.runs(OVER + timedelta(days=30))
    assert everything(hotel) == before


def test_the_same_request_goes_out_where_no_number_is_known(hotel: Hotel) -> None:
    """The counterpart: it is the number that keeps it from being a message."""
    drop(hotel.database)
    with hotel.database.transaction() as tx:
        tx.execute("delete from delivery_left")
    hotel.hears(birthday(), at=OVER)
    hotel.runs(OVER)
    assert hotel.state_of(birthday()) == "skipped" and hotel.published("message.skipped.v1")


def test_what_is_counted_is_the_same_before_and_after(database: Database) -> None:
    """Two hotels, every way to end, a receipt of each kind; half of the guests are erased."""
    hotel = Hotel(database)
    hotel.hears(lisbon(), lisbon(code="OPO", name="Casa do Douro"), reached(hotel))
    requests = [
        birthday(ANA if goes else BEN, message_id=make_id("message", state, place, name), property=place)
        for state in KEPT_AS
        for place in ("LIS", "OPO")
        for goes, name in ((True, "a"), (True, "b"), (False, "c"))
    ]
    hotel.hears(*requests)
    with database.transaction() as tx:
        for state in KEPT_AS:
            ids = [make_id("message", state, place, name) for place in ("LIS", "OPO") for name in "abc"]
            at = MONDAY if state == MessageState.SENT else None
            tx.execute(
                """
                update delivery set state = %s, channel = 'email', attempts = 1, claimed_at = %s, next_at = null
                where message_id = any(%s)
                """,
                [state, at, ids],
            )
        for name, said in (("a", "delivered"), ("b", "bounced"), ("c", "complained")):
            tx.execute(A_RECEIPT, [said, make_id("message", "sent", "OPO", name)])
    hotel.hears(*erased(ANA))

    def figures() -> list[Any]:
        with database.transaction() as tx:
            counts = [tx.execute(COUNTS["messaging"][name]).fetchone() for name in ("sent", "not sent")]
            return [counts, *(source(tx, None, 100).columns for source in (all_deliveries, all_bounces))]

    before = figures()
    assert before[0] == [(6,), (18,)]
    assert drop(database) == 2 * 2 * len(KEPT_AS)
    assert figures() == before
    assert sorted(left(hotel).values()) == sorted([*KEPT_AS.values()] * 4)


def test_days_of_senders_are_counted_from_no_message_that_may_go() -> None:
    """They are counted anew for half a year, and no term of decisions is as short."""
    shortest = KEEPING[Kept.DECISION].shortest
    assert shortest and shortest.before(OVER) < OVER - timedelta(days=KEPT_DAYS + 31)


@pytest.mark.parametrize("state", ["queued", "held", "claimed", "unknown"])
def test_what_has_not_ended_stays_until_it_has(hotel: Hotel, state: str) -> None:
    with hotel.database.transaction() as tx:
        tx.execute(
            """
            update delivery set state = %s, next_at = changed_at, claimer = 1, lease_until = changed_at,
                claim_token = %s, point = '', address_sealed = '', language = '' where guest_id = %s
            """,
            [state, make_id("token"), ANA],
        )
    assert drop(hotel.database) == 0 and left(hotel) == {}


def test_a_guest_who_was_merged_before_leaves_nothing_either(hotel: Hotel) -> None:
    """Ben turned out to be Ana's double after his message went; both are erased."""
    hotel.hears(GuestMerged(guest_id=BEN, version=2, into_guest_id=ANA, occurred_at=MONDAY), *erased(BEN))
    assert drop(hotel.database) == 2 and hotel.all("select from delivery") == []
    before = everything(hotel)
    hotel.hears(of_ben(), birthday(), at=OVER)
    hotel.runs(OVER)
    assert everything(hotel) == before


def test_whoever_is_merely_merged_keeps_their_messages(hotel: Hotel) -> None:
    hotel.hears(GuestMerged(guest_id=BEN, version=2, into_guest_id=make_id("guest", "else"), occurred_at=MONDAY))
    assert drop(hotel.database) == 1
    assert hotel.state_of(of_ben()) == "sent"


def test_one_that_dies_leaves_whole_sets_behind_and_the_next_goes_on(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "AT_ONCE", 2)
    more = [birthday(BEN, message_id=make_id("message", n), due_at=MONDAY + timedelta(days=n)) for n in range(1, 6)]
    hotel.hears(*more)
    hotel.runs(MONDAY + timedelta(days=8))
    hotel.hears(*erased(BEN))
    place, rows = "", list[int]()
    while True:
        with pytest.raises(ZeroDivisionError), hotel.database.transaction() as tx:
            DELIVERIES.drop(tx, Terms(), OVER, place)
            raise ZeroDivisionError  # the process dies before it commits
        assert len(left(hotel)) + len(hotel.all("select from delivery")) == 7
        assert len(left(hotel)) == sum(rows)
        with hotel.database.transaction() as tx:
            done = DELIVERIES.drop(tx, Terms(), OVER, place)
        rows.append(done.rows)
        if done.next_place is None:
            break
        place = done.next_place
    assert rows == [2, 2, 2, 1] and hotel.all("select from delivery") == []


def test_the_nightly_run_takes_them_in_sets_and_is_done(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "AT_ONCE", 1)
    hotel.hears(*erased(BEN))
    told: list[int] = []
    done = Retention(hotel.database, subjects_of(PERSONAL_DATA)).run_now(OVER, told.append)
    assert done["delivery"] == 2 and len(left(hotel)) == 2


def test_a_request_that_comes_while_its_message_goes_waits_and_then_makes_none(hotel: Hotel) -> None:
    (subscription,) = (one.name for one in SUBSCRIPTIONS if "message.requested.v1" in one.handlers)
    body = encode(chunk_of([birthday()]))
    again = Incoming(subscription, make_id("letter", 1), "message.requested.v1", body)
    with hotel.database.transaction() as leaving:
        assert DELIVERIES.drop(leaving, Terms(), OVER, "").rows == 1
        with pytest.raises(LockNotAvailable), hotel.database.transaction() as handling:
            handling.execute("set local lock_timeout = '50ms'")
            enter_inbox(handling, [again], OVER)
    Consumer(hotel.database, SUBSCRIPTIONS).handle([again], OVER)
    assert hotel.one("select count(*) from inbox") == 1
    assert hotel.all("select message_id from delivery") == [(of_ben().message_id,)]


def test_a_message_waits_to_go_for_whoever_handles_a_request_just_now(hotel: Hotel) -> None:
    body = encode(chunk_of([birthday()]))
    with hotel.database.transaction() as handling:
        enter_inbox(handling, [Incoming("requests", make_id("letter", 1), "message.requested.v1", body)], OVER)
        with pytest.raises(LockNotAvailable), hotel.database.transaction() as leaving:
            leaving.execute("set local lock_timeout = '50ms'")
            DELIVERIES.drop(leaving, Terms(), OVER, "")
    assert drop(hotel.database) == 1
