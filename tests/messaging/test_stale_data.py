"""What rests on a guest's absence waits while nothing is heard of the hotel, and is judged anew by the next news."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.vocabulary.stay import StayStatus
from tests.cast import CARLA
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.claim_under_way import while_it_is_claimed
from tests.messaging.hotel import LONG_AGO, MONDAY, Hotel, birthday, heard, lisbon, stay, win_back

READ = timedelta(minutes=10)
NEXT = MONDAY + timedelta(hours=2)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """The last that was heard is 37 hours old."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), heard(MONDAY - timedelta(hours=37)), reached(hotel))
    return hotel


def held(hotel: Hotel) -> None:
    hotel.hears(win_back())
    hotel.runs()
    assert hotel.outcomes() == [("held", "stale_data")]


def test_a_file_that_changed_nothing_is_news(hotel: Hotel) -> None:
    held(hotel)
    hotel.hears(heard(NEXT), heard(NEXT), at=NEXT)
    assert hotel.sender.next_due() == NEXT + READ
    hotel.runs(NEXT + READ - timedelta(seconds=1))
    assert hotel.state_of(win_back()) == "held"
    hotel.runs(NEXT + READ)
    assert hotel.outcomes() == [("held", "stale_data"), ("sent", None)]


def test_what_the_file_says_of_the_guest_counts(hotel: Hotel) -> None:
    held(hotel)
    coming = stay("LIS-000009", status=StayStatus.BOOKED, arrival=date(2016, 7, 1), departure=date(2016, 7, 4))
    hotel.hears(stay("LIS-000008", CARLA, occurred_at=NEXT), coming, at=NEXT)
    hotel.runs(NEXT + READ)
    assert hotel.outcomes() == [("held", "stale_data"), ("skipped", "future_booking")]


def test_a_hotel_that_reports_all_day_keeps_nothing_waiting(hotel: Hotel) -> None:
    """Each further word would else begin the ten minutes anew."""
    held(hotel)
    for minutes in range(0, 10, 2):
        later = NEXT + timedelta(minutes=minutes)
        hotel.hears(heard(later), at=later)
    hotel.runs(NEXT + READ)
    assert hotel.state_of(win_back()) == "sent"


def test_old_news_and_news_of_another_hotel_wake_nothing(hotel: Hotel) -> None:
    held(hotel)
    hotel.hears(stay("LIS-000008", CARLA, occurred_at=LONG_AGO), heard(NEXT - timedelta(hours=37)), at=NEXT)
    hotel.hears(heard(NEXT, "SHA"), at=NEXT)
    hotel.runs(NEXT + READ)
    assert hotel.outcomes() == [("held", "stale_data")]


def test_what_is_never_heard_of_again_ends_with_its_usefulness(hotel: Hotel) -> None:
    held(hotel)
    end = win_back().useful_until
    hotel.runs(end - timedelta(seconds=1))
    assert hotel.outcomes() == [("held", "stale_data")]
    hotel.runs(end)
    assert hotel.outcomes() == [("held", "stale_data"), ("expired", "expired")]


def test_a_hotel_of_which_nothing_was_ever_heard_is_waited_for_too(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel))
    held(hotel)
    hotel.hears(heard(NEXT), at=NEXT)
    hotel.runs(NEXT + READ)
    assert hotel.state_of(win_back()) == "sent"


def test_what_does_not_rest_on_an_absence_goes(hotel: Hotel) -> None:
    hotel.hears(birthday(property="LIS"))
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]


def test_news_that_come_while_a_claim_judges_wake_what_it_holds(hotel: Hotel) -> None:
    hotel.hears(win_back())
    while_it_is_claimed(hotel, lambda: hotel.hears(heard(MONDAY)))
    assert hotel.outcomes() == [("held", "stale_data")]
    hotel.runs(MONDAY + READ)
    assert hotel.state_of(win_back()) == "sent"
