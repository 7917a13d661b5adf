"""Warnings of occupancy where rooms are known, of a sender by what it sends, and of a source that is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.queries.watched import series_of
from services.console.rules.warnings.control import Judged
from services.console.rules.warnings.outside import Outside, folded
from services.console.rules.warnings.signals import silent_source
from services.console.store.stay_days import count_stays
from shared.events import chunk_of
from shared.events.messaging import SenderCounted
from shared.events.segments.feeds import FeedHeard
from shared.vocabulary.channel import Channel
from shared.vocabulary.signal import Signal
from tests.cast import ADA, DINA, MARTA
from tests.console.staff import House
from tests.console.test_stays_by_day import booked
from tests.console.test_warnings import NOW, TODAY, desk, live, look, told
from tests.console.test_warnings import house as _house  # noqa: F401
from tests.harness import off_the_wire
from tests.web import words

SENDER = str(UUID(int=7))


@pytest.fixture
def house(_house: House) -> House:  # noqa: F811
    return _house


def has_rooms(house: House, rooms: int | None, hotel: str = "LIS") -> None:
    with house.database.transaction() as tx:
        tx.execute("update property set rooms = %s where code = %s", [rooms, hotel])


def book(house: House, *, this_year: int, a_day: int = 3) -> None:
    """Two nights for each arrival, booked sixty days before; of the 28 days to come so many a day."""
    stays, number = [], 0
    for back in range(-27, 760):
        arrival = TODAY - timedelta(days=back)
        for _ in range(this_year if back <= 0 else a_day):
            number += 1
            at = datetime(arrival.year, arrival.month, arrival.day, tzinfo=NOW.tzinfo)
            told = {"booked_at": at - timedelta(days=60), "nights": 2, "departure": arrival + timedelta(days=2)}
            stays.append(booked(number, property="LIS", arrival=arrival, **told))
    recent = [
        booked(50_000 + day, property="LIS", booked_at=NOW - timedelta(days=day), arrival=date(2027, 9, 1))
        for day in range(120)
    ]
    with house.database.transaction() as tx:
        for start in range(0, len(stays), 500):
            count_stays(tx, off_the_wire(chunk_of(stays[start : start + 500])))
        count_stays(tx, off_the_wire(chunk_of(recent)))


def test_where_the_rooms_are_known_occupancy_is_told_and_nights_and_arrivals_are_no_warnings_of_their_own(
    house: House,
) -> None:
    book(house, this_year=1)
    has_rooms(house, 10)
    with house.database.transaction() as tx:
        points = series_of(tx, Signal.OCCUPANCY, TODAY - timedelta(days=1))["LIS"]
        nights = series_of(tx, Signal.NIGHTS, TODAY - timedelta(days=1))
    assert (points[-1].told, points[-1].part, points[-1].whole) == (55, 55 - 165, 280), "28 days, 55 nights of 165"
    assert nights == {}
    assert look(house) == [(Signal.OCCUPANCY, "LIS")]
    assert look(house) == [] and [what for *_, what in told(house)] == ["occupancy"] * 2
    page = words(desk(house).get("/figures/warnings"))
    assert "Occupancy on the books is 20%, a year before it was 59%: −39 points. Usual is 0" in page
    assert "Of the same days: 28 arrivals on the books, a year before 84" in page
    (raised,) = house.published("warning.raised.v1")
    assert (raised["signal"], raised["part"], raised["whole"], raised["about"]) == ("occupancy", 55, 280, "")


def test_once_the_rooms_are_said_the_warning_that_stands_is_told_to_nobody_again(house: House) -> None:
    book(house, this_year=1)
    assert look(house) == [(Signal.NIGHTS, "LIS")]
    has_rooms(house, 10)
    assert look(house, NOW + timedelta(days=1)) == []
    assert house.all("select signal, ended_on from warning") == [("occupancy", None)]


def test_a_small_hotel_that_is_as_full_as_a_year_before_is_not_warned_of(house: House) -> None:
    book(house, this_year=3)
    has_rooms(house, 10)
    assert look(house) == []


def test_the_number_of_rooms_is_entered_on_the_hotels_page_and_may_stay_empty(house: House) -> None:
    ada = desk(house, ADA)
    form = _form_of(house)
    assert "Rooms to let" in words(ada.get("/properties/LIS"))
    for typed, rooms in (("45", 45), ("", None)):
        answer = ada.post("/properties/LIS", {**form(), "rooms": typed})
        assert answer.status_code == 200, words(answer)
        assert house.all("select rooms from property where code = 'LIS'") == [(rooms,)]
    assert "A number from 1 to 9,999 is needed." in words(ada.post("/properties/LIS", {**form(), "rooms": "0"}))


def _form_of(house: House) -> Any:
    names = "name, zone, country, legal_entity, postal_address, contact, survey_threshold, version"

    def form() -> dict[str, str]:
        (row,) = house.all(f"select {names} from property where code = 'LIS'")
        return dict(zip(names.split(", "), map(str, row), strict=True))

    return form


def counted(day: date, sent: int, bounced: int, complained: int = 0, **more: Any) -> SenderCounted:
    given: dict[str, Any] = {"sender": SENDER, "purpose": "marketing", "version": 1, "name": "Newsletter", **more}
    return SenderCounted(
        day=day, channel=Channel.EMAIL, sent=sent, bounced=bounced, complained=complained, counted_at=NOW, **given
    )


def half_a_year(**more: Any) -> list[SenderCounted]:
    """Every week four hundred, of which four come back."""
    return [counted(TODAY - timedelta(days=7 * week + 3), 400, 3, 1, **more) for week in range(1, 27)]


def test_a_sender_whose_mail_comes_back_is_told_by_what_it_sends_and_other_senders_are_not(house: House) -> None:
    surveys = half_a_year(purpose="feedback")
    steady = [
        *half_a_year(sender="email", name=""),
        counted(TODAY - timedelta(days=3), 400, 4, sender="email", name=""),
    ]
    bad = counted(TODAY - timedelta(days=3), 400, 30, 12)
    fine = counted(TODAY - timedelta(days=3), 400, 4, purpose="feedback")
    for _ in range(2):
        house.hear_at(NOW, chunk_of([*half_a_year(), *surveys, *steady, bad, fine]))
    assert look(house) == [(Signal.SENDER, "")]
    assert told(house) == [("Gil Gama", "Newsletter", "sender")], "who looks after one hotel only is not told"
    (raised,) = house.published("warning.raised.v1")
    assert (raised["property"], raised["about"], raised["part"]) == ("", f"{SENDER} marketing", 42)
    page = desk(house, ADA).get("/figures/warnings")
    assert "42 of 400 messages came back or were reported as spam: 10%. Usual is 1%" in words(page)
    assert "Newsletter (offers)" in words(page) and f'href="/messaging/senders/{SENDER}"' in page.get_data(as_text=True)
    assert f"sender={SENDER}&amp;purpose=marketing&amp;back=either" in page.get_data(as_text=True)
    assert "/messaging/senders/" not in desk(house, MARTA).get("/figures/warnings").get_data(as_text=True)
    assert "Newsletter" not in words(desk(house, DINA).get("/figures/warnings"))
    assert look(house) == []


def test_a_day_counted_again_takes_the_place_of_what_was_counted(house: House) -> None:
    newer = counted(TODAY, 10, 1, version=5)
    for one in (counted(TODAY, 10, 9, version=3), newer, counted(TODAY, 10, 8, version=4)):
        house.hear_at(NOW, chunk_of([one]))
    assert house.all("select version, bounced from sender_day") == [(5, 1)]


def heard(back: int, source: str = "pms", hotel: str = "LIS") -> FeedHeard:
    day = TODAY - timedelta(days=back)
    return FeedHeard(property=hotel, source=source, version=day.toordinal(), day=day, heard_at=NOW)


def test_a_source_that_is_silent_for_longer_than_its_habit_is_named_and_the_hotels_bookings_are_not_told_too(
    house: House,
) -> None:
    live(house, days=100, ahead=10)  # no booking for eleven days
    daily = [heard(back) for back in range(6, 60)]
    weekly = [heard(back, "weekly export") for back in range(9, 120, 7)]
    other = [heard(back, hotel="SHA") for back in range(1, 60)]
    for _ in range(2):
        house.hear_at(NOW, chunk_of([*daily, *weekly, *other]))
    found = sorted(look(house))
    assert found == [(Signal.FEED, "LIS"), (Signal.UNHEARD, "SHA")], "a weekly export nine days ago is as usual"
    page = desk(house, ADA).get("/figures/warnings")
    assert "Casa do Tejo Lisboa, «pms»" in words(page)
    assert "Days without anything from it: 5. Usual from one time to the next are 1, and beyond 4 it is" in words(page)
    assert 'href="/segments/systems"' in page.get_data(as_text=True)
    house.hear_at(NOW, chunk_of([heard(0)]))
    assert (Signal.FEED, "LIS") not in look(house, NOW + timedelta(days=1))
    assert house.all("select ended_on is not null from warning where signal = 'feed'") == [(True,)]


def test_a_source_given_up_long_ago_and_one_of_a_few_times_are_not_missed(house: House) -> None:
    house.hear_at(NOW, chunk_of([heard(back) for back in range(121, 200)]))
    house.hear_at(NOW, chunk_of([heard(back, "once") for back in (40, 41, 42)]))
    assert look(house) == []


@pytest.mark.parametrize(
    ("gaps", "longest"),
    [([1] * 20, 3), ([1, 1, 1, 1, 3] * 4, 3), ([7] * 12, 13), ([1, 9, 2, 14, 3, 8, 1, 12, 5, 10], 27)],
)
def test_how_long_a_source_may_be_silent_is_its_own_habit(gaps: list[int], longest: int) -> None:
    outside = [silent for silent in range(60) if (was := silent_source(gaps, silent)) and was.is_outside]
    assert outside[0] == longest + 1, outside[0]


def test_one_warning_of_what_is_on_the_books_named_by_the_first() -> None:
    was = Judged(0.5, 1.0, 0.8, is_outside=True)
    nights, arrivals = (Outside(signal, "LIS", was, 1, 2) for signal in (Signal.NIGHTS, Signal.ARRIVALS))
    other = replace(arrivals, property="SHA")
    assert folded([arrivals, other, nights]) == [replace(nights, also=(arrivals,)), other]
