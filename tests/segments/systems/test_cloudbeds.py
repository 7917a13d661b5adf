"""Cloudbeds: told in either case of letters, fetched with the guest whose consent stands apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.segments.rules.systems import SystemKind
from services.segments.systems.cloudbeds import asks
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.systems.cloudbeds import HOTEL, KEY, CloudbedsContract, reservation, told
from tests.segments.systems.contract import Desk, Reply, served

ONE = "31415921"


@pytest.fixture
def cloudbeds() -> Iterator[CloudbedsContract]:
    contract = CloudbedsContract()
    with served(contract):
        yield contract


@pytest.fixture
def desk(make_database: MakeDatabase, cloudbeds: CloudbedsContract) -> Desk:
    return desk_of(make_database, cloudbeds)


def desk_of(make_database: MakeDatabase, cloudbeds: CloudbedsContract) -> Desk:
    database = make_database("segments")
    add_properties(database)
    return Desk(database, SystemKind.CLOUDBEDS, cloudbeds.url, {"api_key": KEY}, {HOTEL: "LIS"})


@pytest.mark.parametrize("other_case", [False, True])
def test_what_is_told_is_fetched_with_its_main_guest(
    desk: Desk, cloudbeds: CloudbedsContract, other_case: bool
) -> None:
    desk.run()
    cloudbeds.put(reservation())
    cloudbeds.guests["901"] = {"guestID": "901", "guestOptIn": "1"}
    assert desk.tell(told(ONE, other_case=other_case)).status_code == 200
    desk.run(NOW + timedelta(minutes=1))
    assert desk.state() == ([
        (ONE, "LIS", "booked", date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 4), None, None, None,
         Decimal("312.5000"), None, 2, 1, "Booking.com", "Deluxe Double", None, "Rita", "Cantu1", date(1981, 11, 26),
         None, "PT"),
    ], [("email", "express")])  # fmt: skip


def test_the_anonymous_are_nobody_and_are_never_written_to(desk: Desk, cloudbeds: CloudbedsContract) -> None:
    gone = {"guestID": "901", "isAnonymized": True, "email": "anonymized-901@example.com", "firstName": "Anonymized"}
    cloudbeds.put(reservation())
    cloudbeds.guests["901"] = gone
    desk.run()
    assert desk.all("select count(*)::int from stay") == [(1,)]
    assert desk.all("select count(*)::int from contact_point") == [(0,)]


def test_who_was_merged_there_is_asked_for_by_their_new_number(desk: Desk, cloudbeds: CloudbedsContract) -> None:
    cloudbeds.put(reservation())
    cloudbeds.guests["901"] = {"guestID": "901", "isMerged": True, "newGuestID": "902"}
    cloudbeds.guests["902"] = {"guestID": "902", "firstName": "Rita", "lastName": "Cantu1 Silva", "guestOptIn": False}
    desk.run()
    assert desk.all("select family_name from guest") == [("Cantu1 Silva",)]
    assert desk.all("select state from consent_claim") == [("refused",)]


def test_an_answer_that_says_it_is_none_is_none(desk: Desk, cloudbeds: CloudbedsContract) -> None:
    desk.run()
    desk.tell(told("999"))
    desk.run(NOW + timedelta(minutes=1))
    assert desk.all("select left_out from system_connection") == [({"deleted": 1},)]
    cloudbeds.put(reservation())
    desk.tell(told(ONE))
    cloudbeds.failures = [Reply(200, {"success": False, "message": "Something went wrong"})]
    desk.role.step(NOW + timedelta(minutes=3))
    assert desk.all("select trouble from system_connection") == [("refused",)]
    desk.run(NOW + timedelta(minutes=5))
    assert len(desk.state()[0]) == 1


def test_the_past_is_read_by_pages_at_its_pace(
    desk: Desk, cloudbeds: CloudbedsContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asks, "ON_A_PAGE", 10)
    cloudbeds.put(*(reservation(number) for number in range(1, 16)))
    desk.run(most=400)
    assert desk.all("select count(*)::int from stay") == [(15,)]
    assert [one.query["pageNumber"] for one in cloudbeds.asked if one.path.endswith("getReservations")] == ["1", "2"]


def test_a_wrong_key_is_said(make_database: MakeDatabase, cloudbeds: CloudbedsContract) -> None:
    database = make_database("segments")
    add_properties(database)
    desk = Desk(database, SystemKind.CLOUDBEDS, cloudbeds.url, {"api_key": "x"}, {HOTEL: "LIS"})
    desk.role.step(NOW)
    assert desk.all("select trouble from system_connection") == [("credentials",)]


STORY = (
    reservation(1, 0),
    reservation(1, 5, endDate="2026-12-05"),
    reservation(1, 700, status="checked_in"),
    reservation(1, 796, status="checked_out"),
)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_three_deliveries_ends_in_the_same_state(
    make_database: MakeDatabase, cloudbeds: CloudbedsContract, seed: int
) -> None:
    states = []
    for replayed in (False, True):
        desk, order = desk_of(make_database, cloudbeds), list(STORY) * (3 if replayed else 1)
        if replayed:
            random.Random(seed).shuffle(order)
        cloudbeds.reservations, at = {}, desk.run()
        for document in order:
            cloudbeds.put(document)
            desk.tell(told(ONE))
            at = desk.run(at + timedelta(minutes=1))
        states.append(desk.state())
    assert states[0] == states[1]
    assert states[0][0][0][2] == "checked_out"
