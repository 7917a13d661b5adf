"""Apaleo: told by webhook, fetched back, looked through by pages; the same state whatever comes how often and when."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.segments.commands.guests.erase import erase_guest
from services.segments.rules.systems import SystemKind
from services.segments.systems.apaleo import asks
from services.segments.systems.role import LEASE, Systems
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.systems.apaleo import ApaleoContract, event, reservation, stamp
from tests.segments.systems.contract import Desk, Reply, served

HOTELS = {"MUC": "LIS"}


@pytest.fixture
def desk(make_database: MakeDatabase, apaleo: ApaleoContract) -> Desk:
    database = make_database("segments")
    add_properties(database)
    return Desk(database, SystemKind.APALEO, apaleo.url, apaleo.credentials, HOTELS)


def test_what_is_told_by_number_is_fetched_and_becomes_a_guest_and_a_stay(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(reservation())
    assert desk.tell(event("ABCDEFGH-1")).status_code == 200
    assert desk.all("select entity from system_event") == [("reservation:ABCDEFGH-1",)]
    desk.run(NOW + timedelta(minutes=1))
    assert desk.state()[0] == [
        ("ABCDEFGH-1", "LIS", "booked", date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 4), None, None, None,
         Decimal("319.4000"), "EUR", 2, 2, "BookingCom", "SGL", "NONREF", "Rita", "Cantu1", date(1981, 11, 26), "pt",
         "PT"),
    ]  # fmt: skip
    assert desk.all("select * from system_event") == []
    assert desk.all("select count(*)::int from consent_claim") == [(0,)]
    assert desk.all("select count(*)::int from contact_point") == [(2,)]  # the booker's is nobody's


def test_a_call_without_the_secret_is_refused_and_learns_nothing(desk: Desk) -> None:
    from uuid import uuid4

    assert desk.tell(event("ABCDEFGH-1"), secret="").status_code == 403
    assert desk.tell(event("ABCDEFGH-1"), secret="x").status_code == 403
    assert desk.tell(event("ABCDEFGH-1"), connection_id=uuid4()).status_code == 403
    assert desk.all("select * from system_event") == []


def test_kinds_of_events_that_are_not_needed_are_taken_and_do_nothing(desk: Desk) -> None:
    health = {"topic": "system", "type": "healthcheck", "id": "x", "propertyIds": ["MUC"], "timestamp": 1530741026}
    for one in (health, event("MUC-1", topic="NightAudit"), event("X", topic="Brand new"), {}, {"data": [1]}):
        assert desk.tell(one).status_code == 200
    assert desk.client.post(f"/systems/{desk.id}/events?key={desk.secret}", data=b"no JSON").status_code == 400
    assert desk.all("select * from system_event") == []


def test_a_booking_names_its_reservations(desk: Desk, apaleo: ApaleoContract) -> None:
    apaleo.put(reservation(1), reservation(2))
    desk.tell({**event("ABCDEFGH", topic="Booking"), "propertyId": None})
    desk.run()
    assert [row[0] for row in desk.state()[0]] == ["ABCDEFGH-1", "ABCDEFGH-2"]


def test_the_past_is_read_by_pages_and_then_it_is_caught_up(
    desk: Desk, apaleo: ApaleoContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asks, "ON_A_PAGE", 10)
    apaleo.put(*(reservation(number) for number in range(1, 26)))
    desk.run(most=400)
    assert desk.all("select count(*)::int from stay") == [(25,)]
    assert desk.all("select caught_up_at is not null from system_connection") == [(True,)]


def test_a_change_that_was_never_told_is_found_when_it_is_looked_for(desk: Desk, apaleo: ApaleoContract) -> None:
    rested = desk.run()
    apaleo.put(reservation(modified=24 * 19 + 4))  # an hour after that look
    assert desk.state()[0] == []
    desk.run(rested + timedelta(hours=2))
    assert [row[0] for row in desk.state()[0]] == ["ABCDEFGH-1"]


def test_no_change_slips_through_between_two_pages(
    desk: Desk, apaleo: ApaleoContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is changed again while its page is read leaves the window, and the next page begins one further."""
    monkeypatch.setattr(asks, "ON_A_PAGE", 10)
    apaleo.put(*(reservation(number) for number in range(1, 26)))
    first = apaleo.answer

    def answer(asked: object) -> Reply:
        reply = first(asked)  # type: ignore[arg-type]
        if getattr(asked, "query", {}).get("pageNumber") == "1" and apaleo.reservations["ABCDEFGH-1"]["status"] != "x":
            apaleo.put(reservation(1, modified=24 * 30, status="InHouse"), reservation(10, modified=24 * 30))
        return reply

    apaleo.answer = answer  # type: ignore[method-assign]
    desk.run(most=400)
    assert desk.all("select count(*)::int from stay") == [(25,)]


def test_the_pace_is_kept(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(*(reservation(number) for number in range(1, 101)))
    for number in range(1, 101):
        desk.tell(event(f"ABCDEFGH-{number}"))
    at, before = NOW + timedelta(minutes=1), len(apaleo.asked)
    desk.role.step(at)
    desk.role.step(at)
    desk.role.step(at + timedelta(seconds=3))
    assert len(apaleo.asked) - before == 20
    desk.run(at + timedelta(seconds=4))
    assert desk.all("select count(*)::int from stay") == [(100,)]


def test_one_that_asks_to_be_left_alone_is_left_alone_so_long(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(reservation())
    desk.tell(event("ABCDEFGH-1"))
    apaleo.failures = [Reply(429, headers={"Retry-After": "90"})]
    at = NOW + timedelta(minutes=1)
    desk.role.step(at)
    assert desk.all("select trouble, trouble_status from system_connection") == [("too_often", 429)]
    before = len(apaleo.asked)
    desk.role.step(at + timedelta(seconds=89))
    assert len(apaleo.asked) == before
    desk.run(at + timedelta(seconds=90))
    assert len(desk.state()[0]) == 1
    assert desk.all("select trouble, failures from system_connection") == [(None, 0)]


def test_a_token_that_is_taken_back_is_asked_for_anew(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(reservation())
    desk.tell(event("ABCDEFGH-1"))
    apaleo.tokens = set()
    desk.run(NOW + timedelta(minutes=1))
    assert (len(desk.state()[0]), apaleo.made) == (1, 2)
    apaleo.put(reservation(2))
    desk.tell(event("ABCDEFGH-2"))
    desk.run(NOW + timedelta(hours=2))  # its time is over
    assert (len(desk.state()[0]), apaleo.made) == (2, 3)


def test_wrong_credentials_are_said_in_one_word_and_stand_nowhere(make_database: MakeDatabase) -> None:
    contract = ApaleoContract()
    with served(contract):
        database = make_database("segments")
        add_properties(database)
        wrong = {**contract.credentials, "client_secret": "a secret that is wrong"}
        desk = Desk(database, SystemKind.APALEO, contract.url, wrong, HOTELS)
        desk.role.step(NOW)
    assert desk.all("select trouble from system_connection") == [("credentials",)]
    rows = str(desk.all("select * from system_connection")) + str(desk.all("select * from outbox"))
    assert "a secret that is wrong" not in rows and desk.secret not in rows


def test_a_process_that_dies_between_fetch_and_commit_is_followed_by_another(
    desk: Desk, apaleo: ApaleoContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    apaleo.put(reservation())
    desk.tell(event("ABCDEFGH-1"))
    at = NOW + timedelta(minutes=1)
    with monkeypatch.context() as dying:
        dying.setattr(Systems, "_enter", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            desk.role.step(at)
    assert desk.state()[0] == []
    assert Systems(desk.database).step(at + timedelta(seconds=30)) == 0  # the lease holds
    desk.run(at + LEASE)
    assert len(desk.state()[0]) == 1
    assert desk.all("select * from system_event") == []


def test_what_is_told_while_it_is_fetched_is_fetched_once_more(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(reservation())
    desk.tell(event("ABCDEFGH-1"))
    plain = apaleo.answer

    def answer(asked: object) -> Reply:
        reply = plain(asked)  # type: ignore[arg-type]
        if apaleo.reservations["ABCDEFGH-1"]["adults"] == 2 and "ABCDEFGH-1" in getattr(asked, "path", ""):
            apaleo.put(reservation(modified=1, adults=1))
            desk.tell(event("ABCDEFGH-1", "amended"))
        return reply

    apaleo.answer = answer  # type: ignore[method-assign]
    desk.run(NOW + timedelta(minutes=1))
    assert desk.all("select adults from stay") == [(1,)]


def test_one_that_cannot_be_read_holds_up_no_other_and_is_left_to_people(desk: Desk, apaleo: ApaleoContract) -> None:
    desk.run()
    apaleo.put(reservation(1, status="Dreaming"), reservation(2, departure="2026-11-30T10:00:00Z"), reservation(3))
    for number in (1, 2, 3):
        desk.tell(event(f"ABCDEFGH-{number}"))
    at = NOW
    for _ in range(12):
        at = desk.run(at + timedelta(minutes=31))
    assert [row[0] for row in desk.state()[0]] == ["ABCDEFGH-3"]
    left = desk.all("select entity, problem, given_up_at is not null from system_event order by 1")
    assert left == [
        ("reservation:ABCDEFGH-1", "status", True),
        ("reservation:ABCDEFGH-2", "departure: before the arrival", True),
    ]


def test_what_is_of_another_hotel_or_deleted_is_counted(desk: Desk, apaleo: ApaleoContract) -> None:
    apaleo.put(reservation(property={"id": "BER"}))
    desk.tell(event("ABCDEFGH-1"))
    desk.tell(event("ABCDEFGH-9"))
    desk.run()
    assert desk.all("select left_out from system_connection") == [({"hotel:BER": 1, "deleted": 1},)]
    assert desk.state()[0] == []


def test_whoever_is_erased_is_waited_for_no_more_and_comes_back_as_nobody(desk: Desk, apaleo: ApaleoContract) -> None:
    apaleo.put(reservation())
    rested = desk.run()
    desk.tell(event("ABCDEFGH-1"))
    with desk.database.transaction() as tx:
        ((guest_id,),) = tx.execute("select id from guest").fetchall()
        erase_guest(tx, guest_id, "Ada", NOW, lambda _: None)
    assert desk.all("select 1 from system_event union all select 1 from system_statement") == []
    apaleo.put(reservation(modified=1, adults=1))
    desk.tell(event("ABCDEFGH-1"))
    desk.run(rested + timedelta(minutes=1))
    assert desk.all("select adults, starts_with(reservation, 'erased:') from stay") == [(1, True)]
    assert desk.all("select count(*)::int from contact_point") == [(0,)]
    assert "Cantu1" not in str(desk.all("select * from guest"))


STORY = (
    reservation(1, 0),
    reservation(1, 5, departure="2026-12-05T11:00:00+00:00"),
    reservation(1, 700, status="InHouse", checkInTime=stamp(700), arrival="2026-12-01T15:00:00+00:00"),
    reservation(1, 796, status="CheckedOut", checkInTime=stamp(700), checkOutTime=stamp(796)),
)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 10_000))
def test_any_order_of_three_deliveries_ends_in_the_same_state(
    make_database: MakeDatabase, apaleo: ApaleoContract, seed: int
) -> None:
    """Also where a fetch answers with what was known a while ago: a system of many machines does."""
    states = []
    for replayed in (False, True):
        database = make_database("segments")
        add_properties(database)
        desk = Desk(database, SystemKind.APALEO, apaleo.url, apaleo.credentials, HOTELS)
        order = list(STORY) * (3 if replayed else 1)
        if replayed:
            random.Random(seed).shuffle(order)
        apaleo.reservations, at = {}, desk.run()
        for document in order:
            apaleo.put(document)
            desk.tell(event("ABCDEFGH-1"))
            at = desk.run(at + timedelta(minutes=1))
        states.append(desk.state())
    assert states[0] == states[1]
    assert states[0][0][0][2] == "checked_out"
