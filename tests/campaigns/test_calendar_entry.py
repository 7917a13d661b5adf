"""Journeys by the calendar: whoever is in the audience as the day comes enters, each at their own hour."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.calendars import festival
from services.campaigns.commands.launch import end, launch
from services.campaigns.commands.publish import publish
from services.campaigns.commands.turn_calendar import turn_calendar
from services.campaigns.config import Config
from services.campaigns.schemas import validated
from services.campaigns.service import SERVICE
from shared.database.pool import Database
from shared.errors import InputError
from shared.ids import make_id
from tests.campaigns.cast import BERLIN, LISBON, NEW_YORK, Campaigns, audience, instant
from tests.campaigns.test_guests import changed, merged
from tests.cast import ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

LAUNCH = "2016-01-01 09:00"
SEND: dict[str, Any] = {"template": "news", "channels": ["email"], "useful_for": {"days": 2}}


def by_calendar(database: Database, calendar: dict[str, Any], *, at: str = LAUNCH, **entry: Any) -> Campaigns:
    found = {"audience": "news", "calendar": calendar, "hour": "10:00", **entry}
    steps = [{"key": "message", "send": SEND}]
    document = {"key": "news", "name": "News", "purpose": "marketing", "entry": found, "steps": steps}
    with database.transaction() as tx:
        publish(tx, validated(document), instant(at), "marketer")
        launch(tx, "news", at=instant(at), by="marketer")
    return Campaigns(database)


def inside(campaigns: Campaigns, *guests: UUID, segment: str = "news", version: int = 1, entered: bool = True) -> None:
    for guest in guests:
        campaigns.hear(audience(guest, version, entered, "2016-01-01 10:00", segment=segment, initial=True))


def living(campaigns: Campaigns, guest: UUID, zone: str) -> None:
    campaigns.hear(changed(1, zone=zone, guest=guest), "2016-01-01 10:00")


@pytest.fixture
def news(make_database: MakeDatabase) -> Campaigns:
    """One day, the first of March 2016."""
    campaigns = by_calendar(make_database("campaigns"), {"once": "2016-03-01"}, left_out=["muted"])
    living(campaigns, ANA, LISBON)
    living(campaigns, BEN, NEW_YORK)
    inside(campaigns, ANA, BEN)
    return campaigns


def test_each_guest_enters_at_the_hour_where_they_live(news: Campaigns) -> None:
    news.run("2016-12-31 00:00")
    assert [(one["guest_id"], one["due_at"][:16], one["occurrence"]) for one in news.requested()] == [
        (str(ANA), "2016-03-01T10:00", "calendar:2016-03-01"),
        (str(BEN), "2016-03-01T15:00", "calendar:2016-03-01"),
    ]
    assert news.next_due() is None


def test_a_hotels_hour_is_one_for_all(make_database: MakeDatabase) -> None:
    campaigns = by_calendar(make_database("campaigns"), {"once": "2016-03-01"}, hotel="LIS")
    living(campaigns, BEN, NEW_YORK)
    inside(campaigns, ANA, BEN)
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-03-01 10:00"] * 2  # no hotel LIS is known: by UTC


def test_who_is_left_out_or_left_before_the_day_does_not_enter(news: Campaigns) -> None:
    inside(news, ANA, segment="muted")
    inside(news, BEN, version=2, entered=False)
    news.run("2016-12-31 00:00")
    assert news.requested() == []


def test_who_was_merged_or_comes_twice_enters_once(news: Campaigns) -> None:
    news.hear(merged(9), "2016-02-01 00:00")
    inside(news, BEN)
    news.run("2016-12-31 00:00")
    news.run("2017-12-31 00:00")
    assert [one["guest_id"] for one in news.requested()] == [str(BEN)]


def test_a_guest_who_moves_gets_no_second_one(news: Campaigns) -> None:
    news.tick("2016-03-01 10:00")
    news.hear(changed(2, zone=NEW_YORK, guest=ANA), "2016-03-01 11:00")
    news.run("2016-12-31 00:00")
    assert sorted(one["guest_id"] for one in news.requested()) == sorted([str(ANA), str(BEN)])


@pytest.mark.parametrize(("back", "requested", "expired"), [("2016-03-03 10:00", 1, 0), ("2016-03-08 00:00", 0, 1)])
def test_after_an_outage_it_is_sent_while_it_is_of_use_else_it_says_that_it_was_too_late(
    make_database: MakeDatabase, back: str, requested: int, expired: int
) -> None:
    campaigns = by_calendar(make_database("campaigns"), {"once": "2016-03-01"})
    inside(campaigns, ANA)
    while campaigns.tick(back):
        pass
    assert len(campaigns.requested()) == requested
    assert campaigns.all("select count(*) from enrolment where reason = 'expired'") == [(expired,)]


def test_a_range_at_a_time_it_goes_on_where_it_died(make_database: MakeDatabase) -> None:
    campaigns = by_calendar(make_database("campaigns"), {"once": "2016-03-01"})
    inside(campaigns, *(make_id("guest", number) for number in range(5)))
    counted = []
    for _ in range(4):
        with campaigns.database.transaction() as tx:
            turn_calendar(tx, instant("2016-03-01 10:00"), most=2)
        counted.append(campaigns.all("select count(*) from enrolment")[0][0])
    assert counted == [2, 4, 5, 5]


def days_entered(campaigns: Campaigns, until: str) -> list[str]:
    inside(campaigns, ANA)
    campaigns.run(until)
    return [one["occurrence"].removeprefix("calendar:") for one in campaigns.requested()]


@pytest.mark.parametrize(
    ("calendar", "entry", "days"),
    [
        ({"weekly": ["friday"]}, {}, ["2016-01-01", "2016-01-08", "2016-01-15", "2016-01-22", "2016-01-29"]),
        ({"monthly": {"day": 31}}, {}, ["2016-01-31", "2016-02-29", "2016-03-31"]),
        ({"monthly": {"nth": 2, "weekday": "tuesday"}}, {}, ["2016-01-12", "2016-02-09", "2016-03-08"]),
        ({"monthly": {"nth": 5, "weekday": "monday"}}, {}, ["2016-01-25", "2016-02-29", "2016-03-28"]),
        ({"festival": "spring-festival"}, {"offset_days": -7}, ["2016-02-08", "2017-01-28"]),
        ({"festival": "lunar-new-years-eve"}, {}, ["2016-02-07", "2017-01-27"]),
        ({"holiday": {"country": "PT", "name": "Freedom Day"}}, {}, ["2016-04-25", "2017-04-25"]),
    ],
)
def test_days_come_again(
    make_database: MakeDatabase, calendar: dict[str, Any], entry: dict[str, Any], days: list[str]
) -> None:
    campaigns = by_calendar(make_database("campaigns"), calendar, **entry)
    last = date.fromisoformat(days[-1])
    assert days_entered(campaigns, f"{last.isoformat()} 23:00") == days


def test_another_version_and_an_end_take_effect_before_the_next_day(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    by_calendar(database, {"once": "2016-03-01"})
    campaigns = by_calendar(database, {"once": "2016-04-01"}, at="2016-02-01 00:00")
    inside(campaigns, ANA)
    assert campaigns.next_due() == instant("2016-04-01 10:00")
    with database.transaction() as tx:
        end(tx, "news", at=instant("2016-03-01 00:00"))
    assert campaigns.next_due() is None


def test_a_zone_nobody_lived_in_before_has_its_day_too(news: Campaigns) -> None:
    guest = make_id("guest", "new")
    living(news, guest, BERLIN)
    inside(news, guest)
    assert news.next_due() == instant("2016-03-01 09:00")


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("spring-festival", 2027, "2027-02-06"),
        ("mid-autumn", 2025, "2025-10-06"),  # behind the leap sixth month
        ("lunar-new-years-eve", 2024, "2025-01-28"),  # a twelfth month of 29 days: no 12/30
        ("dragon-boat", 2020, "2020-06-25"),  # behind the leap fourth month
        ("qixi", 2006, "2006-07-31"),  # a leap seventh month comes after it
    ],
)
def test_festivals_are_where_the_almanac_has_them(name: str, year: int, day: str) -> None:
    assert festival(name, year) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("calendar", "place"),
    [
        ({}, "/entry/calendar"),
        ({"once": "soon"}, "/entry/calendar/once"),
        ({"weekly": []}, "/entry/calendar/weekly"),
        ({"monthly": {"day": 2, "nth": 1}}, "/entry/calendar/monthly/day"),
        ({"festival": "easter"}, "/entry/calendar/festival"),
        ({"holiday": {"country": "Portugal"}}, "/entry/calendar/holiday/country"),
    ],
)
def test_a_calendar_that_says_no_day_is_refused(
    make_database: MakeDatabase, calendar: dict[str, Any], place: str
) -> None:
    with pytest.raises(InputError) as refused:
        by_calendar(make_database("campaigns"), calendar)
    assert place in refused.value.problems


def test_own_days_are_entered_on_a_page_and_move_the_journeys_that_wait_for_them(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    assert "No own day yet" in words(marta.get("/campaigns/own-days"))
    assert marta.post("/campaigns/own-days/days", {"name": "", "day": "soon"}).status_code == 422
    campaigns = by_calendar(database, {"own": "Fair"}, offset_days=-3)
    assert campaigns.next_due() is None
    page = marta.post("/campaigns/own-days/days", {"name": "Fair", "day": "2099-05-04"})
    assert "Fair" in words(page) and campaigns.next_due() == instant("2099-05-01 10:00")
    marta.post("/campaigns/own-days/days/removal", {"name": "Fair", "day": "2099-05-04"})
    assert campaigns.next_due() is None
    assert "自定日期" in words(marta.get("/campaigns/own-days", headers={"Accept-Language": "zh-CN"}))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"rule": "festival", "festival": "mid-autumn", "offset_days": "7"},
            "7 days before Mid-Autumn Festival at 10:00",
        ),
        ({"rule": "weekly", "weekdays": "friday"}, "Every Friday at 10:00, where each guest lives: who is in «news»"),
        ({"rule": "monthly", "day": "8"}, "Day 8 of every month at 10:00"),
        ({"rule": "monthly", "nth": "1", "weekday": "monday"}, "The first Monday of every month"),
        ({"rule": "once", "once": "2027-02-06"}, "February 6, 2027 at 10:00"),
        ({"rule": "holiday", "country": "PT"}, "Each public holiday of Portugal"),
        ({"rule": "own", "own": "Fair"}, "The house's own day «Fair»"),
        ({"rule": "once", "once": ""}, "Choose the day."),
    ],
)
def test_the_editor_makes_them_of_a_sentence(make_database: MakeDatabase, form: dict[str, str], said: str) -> None:
    marta = browser(SERVICE.build_web, Config(), make_database("campaigns"), MARTA)
    marta.get("/campaigns/journeys/new")
    marta.post("/campaigns/journeys", {"name": "News", "key": "news"})
    entry = {"kind": "calendar", "audience": "news", "hour": "10:00", "direction": "before", **form}
    assert marta.post("/campaigns/journeys/news/edit/entry", entry).status_code == 200
    assert said in words(marta.get("/campaigns/journeys/news/edit"))
    assert marta.get("/campaigns/journeys/news/edit", headers={"Accept-Language": "zh-CN"}).status_code == 200
