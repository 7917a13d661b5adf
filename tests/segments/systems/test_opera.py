"""OPERA: a queue that reading empties, looked after each night; reservations with their profiles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.segments.rules.systems import SystemKind
from services.segments.store.systems import inbox
from services.segments.systems.role import LEASE
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.systems.contract import Desk, served
from tests.segments.systems.opera import CREDENTIALS, HOTEL, OperaContract, profile, reservation


@pytest.fixture
def opera() -> Iterator[OperaContract]:
    contract = OperaContract()
    with served(contract):
        yield contract


@pytest.fixture
def desk(make_database: MakeDatabase, opera: OperaContract) -> Desk:
    return desk_of(make_database, opera)


def desk_of(make_database: MakeDatabase, opera: OperaContract) -> Desk:
    database = make_database("segments")
    add_properties(database)
    return Desk(database, SystemKind.OPERA, opera.url, CREDENTIALS, {HOTEL: "LIS"})


def test_what_stands_in_the_queue_is_fetched_with_its_profile(desk: Desk, opera: OperaContract) -> None:
    rested = desk.run()
    opera.put(reservation())
    opera.profiles["51"] = profile()
    opera.tell("51", "UPDATE PROFILE", "Profile")
    opera.tell("x", "RATE CHANGE", 14)
    desk.run(rested + timedelta(minutes=6))
    assert desk.state() == ([
        ("70001", "LIS", "booked", date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 4), None, None, None,
         Decimal("300.0000"), "EUR", 2, 1, HOTEL, "DLX", "BAR", "Rita", "Cantu1", date(1981, 11, 26), None, "PT"),
    ], [("email", "express")])  # fmt: skip
    assert desk.all("select count(*)::int from contact_point") == [(2,)]
    assert opera.queue == []


@pytest.mark.parametrize(
    ("privacy", "claims"),
    [
        ({"allowEmail": False, "optInEmail": True}, [("email", "refused")]),
        ({"optInEmail": False}, [("email", "refused")]),
        ({"optInSms": True}, []),
        ({"optInSms": "N", "allowEmail": "Y"}, [("sms", "refused")]),
    ],
)
def test_a_no_goes_before_a_yes_and_a_yes_to_texts_says_nothing(
    desk: Desk, opera: OperaContract, privacy: dict[str, object], claims: list[tuple[str, str]]
) -> None:
    opera.put(reservation())
    opera.profiles["51"] = profile(1, privacy)
    desk.run()
    assert desk.state()[1] == claims


def test_the_anonymous_are_nobody_and_whoever_has_not_left_has_not_left(desk: Desk, opera: OperaContract) -> None:
    opera.put(reservation(1, computedReservationStatus="PendingCheckout"))
    opera.profiles["51"] = profile(1, anonymization={"anonymizationStatus": "Anonymized"})
    desk.run()
    assert [row[2] for row in desk.state()[0]] == ["checked_in"]
    assert desk.all("select count(*)::int from contact_point") == [(0,)]


def test_what_was_spent_goes_before_what_was_agreed(desk: Desk, opera: OperaContract) -> None:
    spent = {"revenuesAndBalances": {"totalRevenue": {"amount": 412.5, "currencyCode": "EUR"}}}
    opera.put(reservation(1, computedReservationStatus="CheckedOut", cashiering=spent))
    desk.run()
    assert desk.all("select revenue from stay") == [(Decimal("412.5000"),)]


def test_a_queue_of_hundreds_is_read_in_twenties_and_kept_first(desk: Desk, opera: OperaContract) -> None:
    opera.put(*(reservation(number) for number in range(1, 46)))
    desk.run(most=400)
    assert desk.all("select count(*)::int from stay") == [(45,)]
    limits = {one.query["limit"] for one in opera.asked if one.path.endswith("businessEvents")}
    assert limits == {"20"}


def test_what_was_lost_between_reading_the_queue_and_keeping_it_is_found_at_night(
    desk: Desk, opera: OperaContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk.run() + timedelta(minutes=6)
    opera.put(reservation(1, modified=24 * 19 + 4))
    with monkeypatch.context() as dying:
        dying.setattr(inbox, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            desk.role.step(at)
    assert opera.queue == []
    rested = desk.run(at + LEASE)
    assert desk.state()[0] == []
    desk.run(rested + timedelta(hours=25))
    assert [row[0] for row in desk.state()[0]] == ["70001"]


def test_at_night_only_what_changed_is_fetched(desk: Desk, opera: OperaContract) -> None:
    opera.put(*(reservation(number) for number in range(1, 6)), told=False)
    rested = desk.run()
    assert desk.all("select count(*)::int from stay") == [(5,)]
    opera.put(reservation(3, modified=24 * 19 + 4), told=False)
    before = len(opera.asked)
    desk.run(rested + timedelta(hours=25))
    fetched = [one.path for one in opera.asked[before:] if "/reservations/" in one.path]
    assert fetched == [f"/rsv/v1/hotels/{HOTEL}/reservations/70003"]


def test_a_token_that_is_taken_back_is_asked_for_anew(desk: Desk, opera: OperaContract) -> None:
    rested = desk.run()
    opera.tokens = set()
    opera.put(reservation())
    desk.run(rested + timedelta(minutes=6))
    assert (len(desk.state()[0]), opera.made) == (1, 2)


STORY = (
    reservation(1, 0),
    reservation(1, 5, roomStay={"departureDate": "2026-12-05"}),
    reservation(1, 700, computedReservationStatus="InHouse"),
    reservation(1, 796, computedReservationStatus="CheckedOut"),
)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_three_deliveries_ends_in_the_same_state(
    make_database: MakeDatabase, opera: OperaContract, seed: int
) -> None:
    states = []
    opera.profiles["51"] = profile()
    for replayed in (False, True):
        desk, order = desk_of(make_database, opera), list(STORY) * (3 if replayed else 1)
        if replayed:
            random.Random(seed).shuffle(order)
        opera.reservations, at = {}, desk.run()
        for document in order:
            opera.put(document)
            at = desk.run(at + timedelta(minutes=6))
        states.append(desk.state())
    assert states[0] == states[1]
    assert states[0][0][0][2] == "checked_out"
