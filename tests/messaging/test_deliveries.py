"""Requests as they come: twice, late, out of order, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from shared.errors import MalformedEvent
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import (
    MONDAY,
    Hotel,
    birthday,
    changed,
    email,
    guest,
    lisbon,
    mobile,
    stay,
    stop,
    survey,
    win_back,
    with_version,
    withdrawn,
)

ADDRESS = "ana@example.com"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    return hotel


def test_a_request_said_twice_is_one_message(hotel: Hotel) -> None:
    hotel.hears(birthday(), birthday())
    hotel.hears(birthday())
    hotel.runs()
    hotel.hears(birthday())
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]
    assert len(hotel.provider.taken) == 1  # type: ignore[attr-defined]


def test_nothing_leaves_before_it_is_due(hotel: Hotel) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    hotel.hears(birthday(due_at=tomorrow))
    assert hotel.sender.next_due() == tomorrow
    hotel.runs()
    assert hotel.outcomes() == []
    hotel.runs(tomorrow)
    assert hotel.outcomes() == [("sent", None)]
    assert hotel.sender.next_due() is None


def test_what_is_taken_back_in_time_leaves_no_line(hotel: Hotel) -> None:
    message = birthday()
    hotel.hears(message, withdrawn(message))
    hotel.runs()
    assert (hotel.outcomes(), hotel.state_of(message)) == ([], "withdrawn")


def test_a_request_that_comes_after_its_withdrawal_is_dead_on_arrival(hotel: Hotel) -> None:
    message = birthday()
    hotel.hears(withdrawn(message), message, with_version(message, 3))
    hotel.runs()
    assert (hotel.outcomes(), hotel.state_of(message)) == ([], "withdrawn")


def test_what_has_gone_is_not_taken_back(hotel: Hotel) -> None:
    message = birthday()
    hotel.hears(message)
    hotel.runs()
    hotel.hears(withdrawn(message))
    assert (hotel.outcomes(), hotel.state_of(message)) == ([("sent", None)], "sent")


def test_a_held_message_taken_back_has_two_lines(hotel: Hotel) -> None:
    night = datetime(2016, 6, 6, 22, tzinfo=UTC)
    message = birthday(due_at=night)
    hotel.hears(message)
    hotel.runs(night)
    hotel.hears(withdrawn(message), withdrawn(message), at=night + timedelta(hours=1))
    hotel.runs(night + timedelta(days=1))
    assert hotel.outcomes() == [("held", "quiet_hours"), ("withdrawn", None)]
    assert hotel.lines()[1]["at"] == "2016-06-06T23:00:00Z"


def test_a_request_may_come_before_its_guest(hotel: Hotel) -> None:
    hotel.hears(birthday(BEN))
    hotel.runs()
    assert hotel.outcomes() == []
    hotel.hears(guest(BEN, points=[email(hotel.keyring, "ben@example.com")]))
    hotel.runs(MONDAY + timedelta(minutes=5))
    assert hotel.outcomes() == [("sent", None)]


def test_a_guest_who_never_comes_lets_the_message_expire(hotel: Hotel) -> None:
    hotel.hears(birthday(BEN, useful_until=MONDAY + timedelta(minutes=4)))
    hotel.runs()
    hotel.runs(MONDAY + timedelta(minutes=5))
    assert hotel.outcomes() == [("expired", "expired")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_what_is_heard_does_not_matter(hotel: Hotel, order: tuple[int, ...]) -> None:
    points = [email(hotel.keyring, "new@example.com")]
    told = [
        guest(version=2, points=[email(hotel.keyring, "old@example.com"), mobile(hotel.keyring, "+351920000657")]),
        guest(version=3, points=points),
        birthday(),
    ]
    hotel.hears(*(told[place] for place in order), told[order[0]])
    hotel.runs()
    assert [line["to"] for line in hotel.lines()] == ["new@example.com"]
    assert hotel.one("select count(*) from recipient_point where guest_id = %s", ANA) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_stay_is_what_its_greatest_version_says(hotel: Hotel, order: tuple[int, ...]) -> None:
    booked = stay("LIS-000002", status=StayStatus.BOOKED)
    told = [booked, changed(booked, version=2, muted=True), stay("LIS-000002", version=3)]
    hotel.hears(*(told[place] for place in order))
    assert hotel.one("select status from stay_known") == "checked_out"


def test_an_unknown_zone_or_channel_is_refused_at_the_door_by_subject(hotel: Hotel) -> None:
    with pytest.raises(MalformedEvent) as refused:
        hotel.hears(birthday(), birthday(BEN, zone="Atlantis/Lyonesse"))
    assert set(refused.value.subjects) == {1}
    with pytest.raises(MalformedEvent) as refused:
        hotel.hears(win_back(BEN, channels=["email", "fax"]), win_back(CARLA, local_time="ten"))
    assert set(refused.value.subjects) == {0, 1}


def test_a_stop_between_planning_and_sending_is_honoured(hotel: Hotel) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    hotel.hears(birthday(due_at=tomorrow), stop(hotel.keyring, "email", ADDRESS))
    hotel.runs(tomorrow)
    assert hotel.outcomes() == [("skipped", "suppressed")]


def test_what_became_of_a_message_is_said_with_its_lane(hotel: Hotel) -> None:
    night = datetime(2016, 6, 6, 22, tzinfo=UTC)
    hotel.hears(stay("LIS-000001"), survey("LIS-000001", due_at=MONDAY), birthday(due_at=night))
    hotel.runs(MONDAY)
    hotel.runs(night)
    hotel.runs(datetime(2016, 6, 7, 9, tzinfo=UTC))
    told = [(name, lane, body["state"], body["version"]) for name, lane, body in hotel.said()]
    assert told == [
        ("message.sent.v1", "stay", ["sent"], [2]),
        ("message.held.v1", "marketing", ["held"], [1]),
        ("message.sent.v1", "marketing", ["sent"], [3]),
    ]
