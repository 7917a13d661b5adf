"""What depends on others: trips, households, priority between journeys, the cap, holdouts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.messaging.rules.tally import held_out
from shared.events.segments.stays import StayState
from shared.ids import make_id
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, heard, lisbon, stay, survey, win_back

ADDRESS = "ana@example.com"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    return hotel


def day(number: int) -> date:
    return date(2016, 6, number)


def spent(
    reservation: str,
    arrival: int,
    departure: int,
    status: StayStatus = StayStatus.CHECKED_OUT,
    left: int | None = None,
    **more: Any,
) -> StayState:
    """A stay in June, by days of the month; `left`: the actual check-out, where it was not the planned one."""
    there = status in (StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT)
    out = datetime(2016, 6, left or departure, 11, tzinfo=UTC) if status is StayStatus.CHECKED_OUT else None
    told: dict[str, Any] = {
        "arrival": day(arrival),
        "departure": day(departure),
        "checked_in_at": datetime(2016, 6, arrival, 14, tzinfo=UTC) if there else None,
        "checked_out_at": out,
    }
    return stay(reservation, status=status, **{**told, **more})


BOOKED, CANCELLED, IN_HOUSE = StayStatus.BOOKED, StayStatus.CANCELLED, StayStatus.CHECKED_IN
SAME, SENT = ("skipped", "same_trip"), ("sent", None)
# The stay asked about is LIS-000005, from the 3rd to the 5th; it is the 6th. What does the other stay do to its survey?
TRIPS: list[tuple[str, StayState, tuple[str, str | None]]] = [
    ("one that ended before it began is another trip", spent("LIS-000001", 1, 2), SENT),
    ("one that ended as it began is the same, and earlier", spent("LIS-000001", 1, 3), SENT),
    ("one that ended later is asked about instead", spent("LIS-000001", 4, 6), SAME),
    ("of two that end together the greater number", spent("LIS-000006", 2, 5), SAME),
    ("and not the lesser", spent("LIS-000004", 2, 5), SENT),
    ("one that begins as this ends goes on", spent("LIS-000006", 5, 8, IN_HOUSE), SAME),
    ("one still to come on the day of check-out too", spent("LIS-000006", 5, 8, BOOKED), SAME),
    ("one still to come a day later is another trip", spent("LIS-000006", 6, 8, BOOKED), SENT),
    ("what was cancelled is none", spent("LIS-000006", 5, 8, CANCELLED), SENT),
    ("a no-show is none", spent("LIS-000006", 5, 8, StayStatus.NO_SHOW), SENT),
    ("the other house is another trip", spent("ALG-000006", 5, 8, IN_HOUSE, property="ALG"), SENT),
    ("one left early touches no longer", spent("LIS-000001", 1, 9, left=2), SENT),
]  # fmt: skip


@pytest.mark.parametrize(("story", "other", "expected"), TRIPS, ids=[row[0] for row in TRIPS])
def test_a_trip_gets_one_survey(hotel: Hotel, story: str, other: StayState, expected: tuple[str, str | None]) -> None:
    hotel.hears(spent("LIS-000005", 3, 5), other, survey("LIS-000005"))
    hotel.runs()
    assert hotel.outcomes() == [expected], story


def test_another_guests_stay_is_no_part_of_the_trip(hotel: Hotel) -> None:
    hotel.hears(spent("LIS-000005", 3, 5), spent("LIS-000006", 5, 8, IN_HOUSE, guest_id=BEN), survey("LIS-000005"))
    hotel.runs()
    assert hotel.outcomes() == [SENT]


def test_a_trip_that_was_asked_about_is_not_asked_again(hotel: Hotel) -> None:
    """The second stay was only heard of after the first one's survey had gone."""
    hotel.hears(spent("LIS-000005", 3, 5), survey("LIS-000005"))
    hotel.runs()
    later = MONDAY + timedelta(days=3)
    hotel.hears(spent("LIS-000006", 5, 8), survey("LIS-000006", due_at=later))
    hotel.runs(later)
    assert hotel.outcomes() == [SENT, SAME]


def test_two_surveys_of_a_trip_due_together_are_one(hotel: Hotel) -> None:
    hotel.hears(spent("LIS-000005", 3, 5), spent("LIS-000006", 2, 5), survey("LIS-000005"), survey("LIS-000006"))
    hotel.runs()
    assert {(line["occurrence"], line["reason"]) for line in hotel.lines()} == {
        ("stay:LIS-000005", "same_trip"),
        ("stay:LIS-000006", None),
    }


def test_a_household_is_won_back_once_a_day(hotel: Hotel) -> None:
    shared = [email(hotel.keyring, ADDRESS)]
    fresh = MONDAY - timedelta(hours=1)
    hotel.hears(guest(version=2, points=shared), guest(BEN, points=shared), heard(fresh))
    hotel.hears(win_back(), win_back(BEN))
    hotel.runs()
    assert sorted(hotel.outcomes()) == [SENT, ("skipped", "household")]


def test_a_household_is_free_again_after_24_hours(hotel: Hotel) -> None:
    shared = [email(hotel.keyring, ADDRESS)]
    just_before, then = MONDAY + timedelta(hours=23, minutes=59), MONDAY + timedelta(hours=24)
    hotel.hears(guest(version=2, points=shared), guest(BEN, points=shared), heard(then))
    hotel.hears(win_back(), win_back(BEN, due_at=just_before), win_back(BEN, plan=2, due_at=then))
    for at in (MONDAY, just_before, then):
        hotel.runs(at)
    assert hotel.outcomes() == [SENT, ("skipped", "household"), SENT]


def test_of_two_marketing_messages_due_together_the_one_of_higher_priority_goes(hotel: Hotel) -> None:
    hotel.hears(guest(version=2, points=[email(hotel.keyring, ADDRESS)]), heard(MONDAY))
    hotel.hears(win_back(), birthday())
    hotel.runs()
    assert {(line["journey"], line["state"], line["reason"]) for line in hotel.lines()} == {
        ("birthday", "sent", None),
        ("win-back", "skipped", "priority"),
    }


def test_a_survey_stands_beside_marketing(hotel: Hotel) -> None:
    hotel.hears(spent("LIS-000005", 3, 5), survey("LIS-000005"), birthday())
    hotel.runs()
    assert hotel.outcomes() == [SENT, SENT]


def test_a_refused_message_takes_no_place_from_the_next(hotel: Hotel) -> None:
    hotel.hears(guest(version=2, points=[email(hotel.keyring, ADDRESS)]), heard(MONDAY))
    hotel.hears(win_back(), birthday(holdout=100))
    hotel.runs()
    assert sorted(hotel.outcomes(), key=str) == [SENT, ("skipped", "holdout")]


def test_the_third_marketing_contact_waits_until_the_first_is_thirty_days_old(hotel: Hotel) -> None:
    first, second, third = MONDAY, MONDAY + timedelta(days=10), MONDAY + timedelta(days=30, minutes=-1)
    fourth = MONDAY + timedelta(days=30)
    for plan, at in enumerate((first, second, third, fourth), 1):
        hotel.hears(birthday(plan=plan, due_at=at))
        hotel.runs(at)
    assert hotel.outcomes() == [SENT, SENT, ("skipped", "frequency_cap"), SENT]


def test_the_cap_is_the_contact_points_too(hotel: Hotel) -> None:
    hotel.hears(guest(BEN, points=[email(hotel.keyring, ADDRESS)]))
    for plan, who in enumerate((ANA, BEN, ANA), 1):
        at = MONDAY + timedelta(days=plan)
        hotel.hears(birthday(who, plan=plan, due_at=at))
        hotel.runs(at)
    assert hotel.outcomes() == [SENT, SENT, ("skipped", "frequency_cap")]


def test_surveys_do_not_count_against_the_cap(hotel: Hotel) -> None:
    hotel.hears(spent("LIS-000005", 3, 5), survey("LIS-000005"))
    hotel.runs()
    assert hotel.contacts() == 0


def test_a_holdout_is_a_fixed_share_of_guests() -> None:
    guests = [make_id("guest", number) for number in range(2000)]
    out = [guest_id for guest_id in guests if held_out("win-back", guest_id, 10)]
    assert 150 < len(out) < 250
    assert out == [guest_id for guest_id in guests if held_out("win-back", guest_id, 10)]
    assert set(out) < {guest_id for guest_id in guests if held_out("win-back", guest_id, 20)}
    assert not any(held_out("win-back", guest_id, 0) for guest_id in guests)
