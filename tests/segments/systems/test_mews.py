"""Mews: hundreds of numbers in a message, fetched together with their customers and items; merges and consents kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segments.rules.systems import SystemKind
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.systems.contract import Desk, Reply, served
from tests.segments.systems.mews import CREDENTIALS, ENTERPRISE, MewsContract, customer, item, reservation, stamp, told

ONE = "bfee2c44-1"


@pytest.fixture
def mews() -> Iterator[MewsContract]:
    contract = MewsContract()
    with served(contract):
        yield contract


@pytest.fixture
def desk(make_database: MakeDatabase, mews: MewsContract) -> Desk:
    return desk_of(make_database, mews)


def desk_of(make_database: MakeDatabase, mews: MewsContract) -> Desk:
    database = make_database("segments")
    add_properties(database)
    return Desk(database, SystemKind.MEWS, mews.url, CREDENTIALS, {ENTERPRISE: "LIS"})


def test_a_reservation_its_customer_and_its_items_are_one_stay(desk: Desk, mews: MewsContract) -> None:
    desk.run()
    mews.put(reservation())
    mews.put_people(customer())
    mews.items = [item(1, 300.0), item(1, -20.5), item(1, 99.0, CanceledUtc=stamp(1)), item(2, 1.0)]
    assert desk.tell(told(ONE)).status_code == 200
    desk.run(NOW + timedelta(minutes=1))
    assert desk.state() == ([
        (ONE, "LIS", "booked", date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 4), None, None, None,
         Decimal("279.5000"), "EUR", 2, None, "ChannelManager", None, None, "Rita", "Cantu1", date(1981, 11, 26),
         "pt-pt", "PT"),
    ], [("email", "express")])  # fmt: skip


def test_hundreds_of_numbers_in_one_message_are_fetched_in_a_few_requests(desk: Desk, mews: MewsContract) -> None:
    desk.run()
    mews.page = 1000
    mews.put(*(reservation(number) for number in range(1, 301)))
    mews.put_people(*(customer(number) for number in range(1, 301)))
    before = len(mews.asked)
    desk.tell(told(*mews.reservations))
    desk.run(NOW + timedelta(minutes=1))
    assert desk.all("select count(*)::int from stay") == [(300,)]
    assert len(mews.asked) - before <= 20


def test_a_customer_that_changed_leads_to_their_reservations(desk: Desk, mews: MewsContract) -> None:
    mews.put(reservation())
    mews.put_people(customer())
    desk.run()
    mews.put_people(customer(LastName="Cantu1 Silva", Options=[]))
    desk.tell(told("35d4b117-1", kind="CustomerUpdated"))
    desk.run(NOW + timedelta(minutes=1))
    assert desk.all("select family_name from guest") == [("Cantu1 Silva",)]
    assert desk.all("select channel, state from consent_claim") == [("email", "refused")]


def test_who_was_merged_there_is_who_they_were_merged_into(desk: Desk, mews: MewsContract) -> None:
    mews.put(reservation())
    mews.put_people(customer(1, MergeTargetId="35d4b117-2"), customer(2, MergeTargetId="35d4b117-3"), customer(3))
    desk.run()
    assert desk.all("select family_name from guest") == [("Cantu3",)]


def test_addresses_of_agencies_companies_and_the_erased_are_nobodys(desk: Desk, mews: MewsContract) -> None:
    mews.put(reservation(1), reservation(2), reservation(3, AccountType="Company"))
    mews.put_people(customer(1, HasOtaEmail=True, Phone=None), customer(2, IsActive=False), customer(3))
    desk.run()
    assert desk.all("select count(*)::int from stay") == [(3,)]
    assert desk.all("select count(*)::int from contact_point") == [(0,)]


def test_a_cancellation_for_not_coming_is_a_no_show(desk: Desk, mews: MewsContract) -> None:
    cancelled: dict[str, Any] = {"State": "Canceled", "CancelledUtc": "2026-12-01T22:00:00Z"}
    mews.put(reservation(1, **cancelled, CancellationReason="NoShow"), reservation(2, **cancelled))
    desk.run()
    assert [row[2] for row in desk.state()[0]] == ["no_show", "cancelled"]


def test_the_past_is_read_in_windows_and_by_pages(desk: Desk, mews: MewsContract) -> None:
    mews.put(*(reservation(number, updated=-24 * 3 * number) for number in range(1, 121)))
    mews.page = 7
    desk.run(most=400)
    assert desk.all("select count(*)::int from stay") == [(120,)]
    assert desk.all("select caught_up_at is not null from system_connection") == [(True,)]


def test_it_is_left_alone_for_as_long_as_it_says(desk: Desk, mews: MewsContract) -> None:
    desk.run()
    mews.put(reservation())
    desk.tell(told(ONE))
    mews.failures = [Reply(429, headers={"Retry-After": "30"})]
    at, before = NOW + timedelta(minutes=1), len(mews.asked)
    desk.role.step(at)
    assert desk.role.step(at + timedelta(seconds=29)) == 0
    assert len(mews.asked) - before == 1
    desk.run(at + timedelta(seconds=30))
    assert len(desk.state()[0]) == 1


def test_wrong_tokens_are_said(make_database: MakeDatabase, mews: MewsContract) -> None:
    database = make_database("segments")
    add_properties(database)
    wrong = {**CREDENTIALS, "access_token": "x"}
    desk = Desk(database, SystemKind.MEWS, mews.url, wrong, {ENTERPRISE: "LIS"})
    desk.role.step(NOW)
    assert desk.all("select trouble from system_connection") == [("credentials",)]


STORY = (
    reservation(1, 0),
    reservation(1, 5, ScheduledEndUtc="2026-12-05T10:00:00Z"),
    reservation(1, 700, State="Started", ActualStartUtc=stamp(700)),
    reservation(1, 796, State="Processed", ActualStartUtc=stamp(700), ActualEndUtc=stamp(796)),
)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_three_deliveries_ends_in_the_same_state(
    make_database: MakeDatabase, mews: MewsContract, seed: int
) -> None:
    states = []
    mews.put_people(customer())
    for replayed in (False, True):
        desk, order = desk_of(make_database, mews), list(STORY) * (3 if replayed else 1)
        if replayed:
            random.Random(seed).shuffle(order)
        mews.reservations, at = {}, desk.run()
        for document in order:
            mews.put(document)
            desk.tell(told(ONE))
            at = desk.run(at + timedelta(minutes=1))
        states.append(desk.state())
    assert states[0] == states[1]
    assert states[0][0][0][2] == "checked_out"
