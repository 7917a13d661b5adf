"""Warnings: silent while all is as usual, loud once when it is not, quiet after they were seen, and only to whom they
concern."""

from __future__ import annotations

import random
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.commands.accounts import Member as Employed
from services.console.commands.accounts import ensure_person
from services.console.commands.warnings.watch import watch
from services.console.config import Config
from services.console.queries.watched import series_of
from services.console.rules.warnings.control import Point, judged
from services.console.rules.warnings.signals import silence
from services.console.service import SERVICE
from services.console.store.stay_days import count_stays
from shared.events import chunk_of
from shared.events.feedback import CaseOpened, OptoutRequested, SurveyAnswered
from shared.events.messaging import MessageBounced, MessageSent, MessageSkipped
from shared.events.told_outside import TOLD
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.role import Role
from shared.vocabulary.signal import Signal
from tests.cast import ADA, DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house
from tests.console.test_key_figures import message
from tests.console.test_stays_by_day import booked, left
from tests.harness import off_the_wire
from tests.web import Browser, browser, words

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database("console"))
    with house.database.transaction() as tx:
        for name, hotels in {"Dina Duarte": ["LIS"], "Shan Su": ["SHA"], "Gil Gama": []}.items():
            ensure_person(
                tx,
                email=f"{name.split()[0].lower()}@casa.example.com",
                wanted=Employed(name=name, role=Role.DUTY_MANAGER, properties=hotels),
                password="seven lemons in the snow",
                at=NOW,
            )
    house.sends_mail()
    return house


def live(house: House, days: int = 200, ahead: int = 0) -> None:
    """Five stays end every day at both hotels, booked so many days ahead."""
    told, number = [], 0
    for back in range(days):
        at = NOW - timedelta(days=back + 1)
        for hotel in ("LIS", "SHA"):
            for _ in range(5):
                number += 1
                stay = booked(number, property=hotel, booked_at=at - timedelta(days=ahead), arrival=at.date())
                told.append(left(stay, at))
    with house.database.transaction() as tx:
        for start in range(0, len(told), 500):
            count_stays(tx, off_the_wire(chunk_of(told[start : start + 500])))


def complain(house: House, back: int, count: int, hotel: str = "LIS") -> None:
    at = NOW - timedelta(days=back)
    house.hear_at(
        NOW,
        chunk_of(
            [
                CaseOpened(
                    case_id=make_id("case", hotel, back, number),
                    version=1,
                    guest_id=make_id("guest", number),
                    stay_id=None,
                    property=hotel,
                    kind=CaseKind.COMPLAINT,
                    level=1,
                    open=True,
                    occurred_at=at,
                )
                for number in range(count)
            ]
        ),
    )


def look(house: House, at: datetime = NOW) -> list[tuple[Signal, str]]:
    with house.database.transaction() as tx:
        return [(one.signal, one.property) for one in watch(tx, at)]


def told(house: House) -> list[tuple[str, str, str]]:
    asked = [one for one in house.published("notice.requested.v1") if one["kind"] == "warning"]
    return sorted((one["details"]["name"], one["details"]["hotel"], one["details"]["what"]) for one in asked)


def test_a_steady_course_gives_hardly_an_alarm_and_a_doubled_one_does() -> None:
    """Of counts that swing by chance alone, a watch of ten years of weeks cries wolf now and then, not every month."""
    chance = random.Random(9)

    def week(rate: float) -> Point:
        return Point(sum(chance.random() < rate for _ in range(200)), 200)

    false, seen = 0, 0
    for _ in range(300):
        before = [week(0.05) for _ in range(26)]
        usual, bad = (judged(before, week(rate), rises=True, fewest=10) for rate in (0.05, 0.15))
        false += bool(usual and usual.is_outside)
        seen += bool(bad and bad.is_outside)
    assert false <= 3 and seen >= 270


def test_one_wild_week_in_the_past_does_not_hide_the_next() -> None:
    calm = [Point(5 + number % 2, 100) for number in range(26)]
    wild = [*calm[:13], Point(60, 100), *calm[14:]]
    for before in (calm, wild):
        found = judged(before, Point(22, 100), rises=True, fewest=10)
        assert found and found.is_outside
    assert judged(calm[:7], Point(60, 100), rises=True, fewest=10) is None, "nobody knows what is usual"
    assert judged(calm, Point(5, 5), rises=True, fewest=10) is None, "too few"


def test_a_spike_is_told_once_to_those_it_concerns_and_ends_when_all_is_as_usual(house: House) -> None:
    live(house)
    for back in range(8, 180, 9):
        complain(house, back, 1)
    assert look(house) == [], "a complaint now and then is as usual"
    complain(house, 2, 9)
    assert look(house) == [(Signal.COMPLAINTS, "LIS")]
    hotel = "Casa do Tejo Lisboa"
    assert told(house) == [("Dina Duarte", hotel, "complaints"), ("Gil Gama", hotel, "complaints")]
    said = str(house.all("select convert_from(body, 'utf8') from outbox where type = 'notice.requested.v1'"))
    assert str(make_id("case", "LIS", 2, 0)) not in said
    assert look(house) == [] and look(house, NOW + timedelta(days=1)) == [], "it stands and is told to nobody again"
    assert len(told(house)) == 2
    live_on(house, 30)
    assert look(house, NOW + timedelta(days=20)) == []
    assert house.all("select ended_on is not null from warning where signal = 'complaints'") == [(True,)]


def live_on(house: House, days: int) -> None:
    stays = []
    for number in range(days * 10):
        at = NOW + timedelta(days=number // 10)
        stay = booked(90_000 + number, property="LIS" if number % 2 else "SHA", booked_at=at, arrival=at.date())
        stays.append(left(stay, at))
    with house.database.transaction() as tx:
        count_stays(tx, off_the_wire(chunk_of(stays)))


def answer(number: int, score: int, at: datetime, **more: Any) -> SurveyAnswered:
    return SurveyAnswered(
        answer_id=make_id("answer", number),
        **{"version": 1, "void": False, **more},
        guest_id=make_id("guest", number),
        stay_id=None,
        property="LIS",
        score=score,
        comment=None,
        channel=Channel.EMAIL,
        answered_at=at,
    )


def test_an_nps_that_falls_is_seen_and_an_answer_taken_back_counts_no_more(house: House) -> None:
    scores = [10, 9, 9, 8, 8, 7, 9, 10, 6, 9, 10, 8]
    number = 0
    for week in range(1, 27):
        at = NOW - timedelta(days=7 * week + 3)
        house.hear_at(NOW, chunk_of([answer(number := number + 1, score, at) for score in scores]))
    bad = [answer(900 + place, place % 6, NOW - timedelta(days=3)) for place in range(14)]
    house.hear_at(NOW, chunk_of(bad))
    house.hear_at(NOW, chunk_of(bad))
    with house.database.transaction() as tx:
        points = series_of(tx, Signal.NPS, TODAY - timedelta(days=1))["LIS"]
    assert (points[-1].part, points[-1].whole) == (-14, 14) and (points[-2].part, points[-2].whole) == (6, 12)
    assert look(house) == [(Signal.NPS, "LIS")]
    house.hear_at(NOW, chunk_of([answer(900 + place, 0, NOW, version=2, void=True) for place in range(14)]))
    with house.database.transaction() as tx:
        assert series_of(tx, Signal.NPS, TODAY - timedelta(days=1))["LIS"][-1].whole == 0


def bounce(number: int, at: datetime) -> MessageBounced:
    sent = message(number, at)
    told = {name: getattr(sent, name) for name in ("message_id", "version", "guest_id", "journey", "journey_version")}
    more = {name: getattr(sent, name) for name in ("step", "occurrence", "purpose", "property", "stay_id", "channel")}
    return MessageBounced(**told, **more, reason="mailbox_full", occurred_at=at)


def test_mail_that_comes_back_is_set_against_mail_that_was_sent(house: House) -> None:
    number = 0
    for week in range(27):
        at = NOW - timedelta(days=7 * week + 2)
        numbers = range(number, number := number + 60)
        house.hear_at(NOW, chunk_of([message(one, at) for one in numbers]))
        house.hear_at(NOW, chunk_of([bounce(one, at) for one in numbers[: 12 if week == 0 else 1]]))
    assert look(house) == [(Signal.BOUNCES, "LIS")]


def test_a_hotel_that_books_every_day_and_then_no_more_is_heard_of(house: House) -> None:
    live(house, days=100, ahead=10)  # the last booking is eleven days old
    assert sorted(look(house)) == [(Signal.UNHEARD, "LIS"), (Signal.UNHEARD, "SHA")]
    assert silence(20, 100, 90) is None, "a house that books seldom is silent by nature"
    found = silence(50, 100, 9)
    assert found and not found.is_outside and round(found.border, 1) == 9.5
    assert silence(100, 100, 3)


def test_arrivals_on_the_books_are_set_against_the_same_days_of_the_year_before(house: House) -> None:
    """Each year as many, month by month, but for the one to come."""
    stays, number = [], 0
    for back in range(-27, 760):
        arrival = TODAY - timedelta(days=back)
        for _ in range(1 if back <= 0 else 3):
            number += 1
            at = datetime(arrival.year, arrival.month, arrival.day, tzinfo=UTC)
            stays.append(booked(number, property="LIS", arrival=arrival, booked_at=at - timedelta(days=60)))
    recent = [
        booked(50_000 + day, property="LIS", booked_at=NOW - timedelta(days=day), arrival=date(2027, 9, 1))
        for day in range(120)
    ]
    with house.database.transaction() as tx:
        for start in range(0, len(stays), 500):
            count_stays(tx, off_the_wire(chunk_of(stays[start : start + 500])))
        count_stays(tx, off_the_wire(chunk_of(recent)))
        points = series_of(tx, Signal.ARRIVALS, TODAY - timedelta(days=1))["LIS"]
    assert (points[-1].part, points[-1].whole) == (28, 84) and {one.value for one in points[1:-1]} == {1.0}
    assert look(house) == [(Signal.NIGHTS, "LIS")], "arrivals of the same days are told with them"
    (also,) = house.all("select also from warning")[0][0]
    assert (also["signal"], also["part"], also["whole"]) == ("arrivals", 28, 84)


def opt_out(number: int, at: datetime, **more: Any) -> OptoutRequested:
    return OptoutRequested(
        **{
            "optout_id": make_id("opt-out", number),
            "version": 1,
            "channel": Channel.EMAIL,
            "point": "0",
            "guest_id": make_id("guest", 1),
            "scope": OptOutScope.ALL_MARKETING,
            "source": "link",
            "requested_at": at,
            **more,
        }
    )


def test_guests_who_opt_out_are_counted_where_they_stayed_last(house: House) -> None:
    with house.database.transaction() as tx:  # of guest 1 in Lisbon and then in Shanghai, of guest 2 in Lisbon
        stays = [booked(number, guest_id=make_id("guest", number)) for number in (1, 2)]
        later = booked(3, guest_id=make_id("guest", 1), property="SHA", arrival=date(2016, 9, 1))
        ended = [
            left(one, datetime(2016, month, 1, tzinfo=UTC))
            for one, month in zip([*stays, later], (3, 3, 9), strict=True)
        ]
        count_stays(tx, off_the_wire(chunk_of(ended)))
    number = 0
    for week in range(27):
        at = NOW - timedelta(days=7 * week + 2)
        numbers = range(number, number := number + 120)
        house.hear_at(NOW, chunk_of([replace(message(one, at), property="SHA") for one in numbers]))
        told = [opt_out(one, at) for one in numbers[: 14 if week == 0 else 1]]
        unasked = [opt_out(one + 10**6, at, scope=OptOutScope.FEEDBACK) for one in numbers[:20]]
        house.hear_at(NOW, chunk_of([*told, *unasked]))
        house.hear_at(NOW, chunk_of(told))
    assert look(house) == [(Signal.OPT_OUTS, "SHA")]
    with house.database.transaction() as tx:
        (points,) = series_of(tx, Signal.OPT_OUTS, TODAY - timedelta(days=1)).values()
    assert [(one.part, one.whole) for one in points[-2:]] == [(1, 120), (14, 120)]
    house.hear_at(NOW, chunk_of([opt_out(77_000, NOW, guest_id=None), opt_out(77_001, NOW, guest_id=UUID(int=4))]))
    assert house.all("select count(*) from signal_seen where property = '' and kind = 'opt_out'") == [(2,)]


def test_offers_that_find_nobody_to_write_to_are_reach_that_falls(house: House) -> None:
    number = 0
    for week in range(27):
        at = NOW - timedelta(days=7 * week + 2)
        numbers = range(number, number := number + 150)
        refused = set(numbers[: 60 if week == 0 else 12])
        house.hear_at(NOW, chunk_of([message(one, at) for one in numbers if one not in refused]))
        for reason, some in (("no_consent", refused), ("frequency_cap", numbers[:30])):
            skipped = [unsent(one if reason == "no_consent" else one + 10**6, at, reason) for one in some]
            house.hear_at(NOW, chunk_of(skipped))
    assert look(house) == [(Signal.REACH, "LIS")]
    with house.database.transaction() as tx:
        points = series_of(tx, Signal.REACH, TODAY - timedelta(days=1))["LIS"]
    assert [(one.part, one.whole) for one in points[-2:]] == [(12, 150), (60, 150)], "a cap is no lack of reach"


def unsent(number: int, at: datetime, reason: str) -> MessageSkipped:
    return MessageSkipped(**{**vars_of(message(number, at)), "state": "skipped", "reason": reason})


def vars_of(one: MessageSent) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def test_nights_on_the_books_fall_though_as_many_arrive(house: House) -> None:
    stays, number = [], 0
    for back in range(-27, 760):
        arrival = TODAY - timedelta(days=back)
        for place in range(3):
            number += 1
            at = datetime(arrival.year, arrival.month, arrival.day, tzinfo=UTC)
            nights = 1 if back <= 0 else 2 + place
            stays.append(
                booked(number, property="LIS", arrival=arrival, booked_at=at - timedelta(days=60), nights=nights)
            )
    with house.database.transaction() as tx:
        for start in range(0, len(stays), 500):
            count_stays(tx, off_the_wire(chunk_of(stays[start : start + 500])))
        points = series_of(tx, Signal.NIGHTS, TODAY - timedelta(days=1))["LIS"]
    assert points[-1].part == 84, "28 days, three a day, one night each"
    assert points[-1].whole == sum(min(2 + place, 28 - day) for day in range(28) for place in range(3))
    assert (Signal.NIGHTS, "LIS") in look(house) and (Signal.ARRIVALS, "LIS") not in look(house)


def test_what_is_new_is_told_to_other_services_once_and_whether_duty_lists_are_called(house: House) -> None:
    live(house)
    for back in range(8, 180, 9):
        complain(house, back, 1)
    complain(house, 2, 9)
    ada = desk(house, ADA)
    ada.get("/figures/warnings")
    ada.post("/figures/warnings/told", {"role": "administrator", "calls_duty": "yes"})
    look(house), look(house)
    (raised,) = house.published("warning.raised.v1")
    assert (raised["signal"], raised["property"], raised["part"], raised["whole"]) == ("complaints", "LIS", 9, 35)
    assert raised["calls_duty"] is True and raised["day"] == str(TODAY - timedelta(days=1))
    outside = TOLD["warning.raised.v1"]
    assert set(outside) < set(raised) and "calls_duty" not in outside
    page = ada.get("/figures/warnings").get_data(as_text=True)
    assert re.search(r'name="calls_duty"[^>]*checked', page), "and the page keeps what was chosen"


def desk(house: House, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), house.database, who, at=NOW)


def test_the_page_says_what_is_usual_and_is_quiet_once_it_was_seen(house: House) -> None:
    empty = desk(house).get("/figures/warnings")
    assert "All is as usual" in words(empty) and "Warnings · ·" not in empty.get_data(as_text=True)
    live(house)
    for back in range(8, 180, 9):
        complain(house, back, 1, "SHA")
    complain(house, 2, 9, "SHA")
    look(house)
    marta = desk(house)
    page = words(marta.get("/figures/warnings"))
    assert "More complaints than usual · Riverside House Shanghai" in page and "9 of 35: 26%. Usual is 2%" in page
    dina = desk(house, DINA)
    assert "Shanghai" not in words(dina.get("/figures/warnings"))
    number = house.all("select id from warning where signal = 'complaints'")[0][0]
    assert dina.post(f"/figures/warnings/{number}/seen").status_code == 404
    assert "Seen by Marta Marques" in words(marta.post(f"/figures/warnings/{number}/seen"))
    assert marta.post("/figures/warnings/999/seen").status_code == 404


def test_the_house_says_who_is_told(house: House) -> None:
    ada = desk(house, ADA)
    assert "Who is told" in words(ada.get("/figures/warnings"))
    ada.post("/figures/warnings/told", {"role": ["administrator", "nobody"]})
    assert house.all("select told from warning_setting") == [(["administrator"],)]
    live(house)
    for back in range(8, 180, 9):
        complain(house, back, 1)
    complain(house, 2, 9)
    look(house)
    assert [name for name, *_ in told(house)] == ["Ada Azevedo"]
    assert desk(house, DINA).post("/figures/warnings/told", {"role": "marketer"}).status_code == 403
