"""A journey keeps away from guests who are in house or booked: asked at the entry and before each message."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.clock import Rehearsals
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.config import Config
from services.campaigns.rules.absence import stands_in_the_way
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.entries import StayState
from services.campaigns.schemas import parse, validated
from services.campaigns.service import SERVICE
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.rehearsals import AudienceForecast
from tests.campaigns.cast import Campaigns, audience, instant, stay, stay_id
from tests.cast import ANA, BEN, CARLA, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

JOURNEY = """
key: back
name: Back
purpose: feedback
entry: {audience: lapsed-3-months}
not_while: [in_house, booked]
steps:
  - key: first
    send: {template: back, channels: [email], useful_for: {days: 30}}
  - key: rest
    wait: {days: 10}
  - key: second
    send: {template: back, channels: [email], useful_for: {days: 30}}
"""


def journey_with(text: str, at: str, database: Database) -> Campaigns:
    made = Campaigns(database)
    with made.database.transaction() as tx:
        publish(tx, validated(parse(text)), instant(at), "marketer")
        launch(tx, "back", at=instant(at), by="marketer", entries_from=instant(at).date())
    return made


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return journey_with(JOURNEY, "2016-01-01 00:00", make_database("campaigns"))


def ended(campaigns: Campaigns) -> list[tuple[UUID, str, str]]:
    return campaigns.all("select guest_id, step, reason from enrolment where state = 'exited' order by guest_id")


def asked(campaigns: Campaigns) -> list[tuple[str, str]]:
    return [(one["guest_id"], one["step"]) for one in campaigns.requested()]


def test_who_is_in_house_or_booked_does_not_enter_and_the_story_says_why(campaigns: Campaigns) -> None:
    campaigns.hear(stay("checked_in", 2, at="2016-03-01 15:00", days=("2016-03-01", "2016-03-04")))
    booked: dict[str, Any] = {"guest": BEN, "reservation": "R2", "days": ("2016-05-01", "2016-05-04")}
    campaigns.hear(stay("booked", 1, at="2016-02-01 10:00", **booked))
    for guest in (ANA, BEN, CARLA):
        campaigns.hear(audience(guest, 1, True, "2016-03-02 06:00"))
    campaigns.run("2016-03-03 00:00")
    reasons = {guest: reason for guest, _, reason in ended(campaigns)}
    assert reasons == {ANA: "in_house", BEN: "future_booking"}
    assert asked(campaigns) == [(str(CARLA), "first")]
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    told = person.get(f"/campaigns/guests/{ANA}/story")
    assert "Left «Back»: the guest is in house" in str(told.get_json())


def test_who_books_meanwhile_leaves_before_the_next_message(campaigns: Campaigns) -> None:
    campaigns.hear(audience(ANA, 1, True, "2016-03-02 06:00"))
    campaigns.run("2016-03-03 00:00")
    campaigns.hear(stay("booked", 1, at="2016-03-05 10:00", days=("2016-05-01", "2016-05-04")))
    campaigns.run("2016-04-01 00:00")
    assert asked(campaigns) == [(str(ANA), "first")] and ended(campaigns) == [(ANA, "second", "future_booking")]


def test_a_booking_that_was_cancelled_or_a_stay_that_is_over_stands_in_nobodys_way(campaigns: Campaigns) -> None:
    campaigns.hear(stay("cancelled", 2, at="2016-02-05 10:00", days=("2016-05-01", "2016-05-04")))
    campaigns.hear(stay("checked_out", 2, at="2016-03-02 05:00", guest=BEN, reservation="R2"))
    for guest in (ANA, BEN):
        campaigns.hear(audience(guest, 1, True, "2016-03-02 06:00"))
    campaigns.run("2016-04-01 00:00")
    assert ended(campaigns) == [] and len(asked(campaigns)) == 4


def test_the_gate_is_asked_too_as_the_message_goes(campaigns: Campaigns) -> None:
    campaigns.hear(audience(ANA, 1, True, "2016-03-02 06:00"))
    campaigns.run("2016-03-03 00:00")
    assert campaigns.requested()[0]["wants"] == ["no_future_booking"]


def at_home(status: str, arrival: str, departure: str, zone: str = "Europe/Lisbon") -> StayState:
    days: dict[str, Any] = {"arrival": date.fromisoformat(arrival), "departure": date.fromisoformat(departure)}
    told: dict[str, Any] = {"checked_in_at": None, "checked_out_at": None, "ended_at": None}
    return StayState(stay_id("R1"), 1, ANA, "LIS", zone, "R1", status, instant("2016-01-01 06:00"), **told, **days)


@pytest.mark.parametrize(
    ("status", "zone", "now", "reason"),
    [
        ("booked", "Europe/Lisbon", "2016-05-01 12:00", "in_house"),
        ("booked", "Europe/Lisbon", "2016-04-30 12:00", "future_booking"),
        ("checked_in", "Europe/Lisbon", "2016-05-04 20:00", "in_house"),
        ("checked_in", "Europe/Lisbon", "2016-05-05 12:00", None),  # nobody said that they left
        ("booked", "Asia/Shanghai", "2016-04-30 17:00", "in_house"),  # 1 May there
        ("booked", "America/New_York", "2016-05-01 03:00", "future_booking"),  # 30 April there
        ("checked_out", "Europe/Lisbon", "2016-05-02 12:00", None),
        ("no_show", "Europe/Lisbon", "2016-05-02 12:00", None),
    ],
)
def test_the_hotels_own_calendar_decides(status: str, zone: str, now: str, reason: str | None) -> None:
    journey = journey_of(validated(parse(JOURNEY)))
    found = stands_in_the_way(journey, None, [at_home(status, "2016-05-01", "2016-05-04", zone)], instant(now))
    assert found == reason


def test_the_stay_by_which_one_entered_is_no_other_booking(make_database: MakeDatabase) -> None:
    entry = "{stay_date: arrival, days: -3, hour: '10:00'}"
    text = JOURNEY.replace("{audience: lapsed-3-months}", entry)
    campaigns = journey_with(text, "2016-01-01 00:00", make_database("campaigns"))
    campaigns.hear(stay("booked", 1, at="2016-03-05 10:00", days=("2016-05-01", "2016-05-04")))
    campaigns.run("2016-04-29 00:00")
    assert asked(campaigns) == [(str(ANA), "first")] and campaigns.requested()[0]["wants"] == []
    campaigns.run("2016-06-01 00:00")  # the second message would come on 8 May: the stay is over by its dates
    assert len(asked(campaigns)) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (("not_while: [in_house, booked]", "not_while: [asleep]"), "/not_while/0"),
        (("{audience: lapsed-3-months}", "{stay: checked_in}"), "/not_while"),
        (("channels: [email]", "channels: [email], wants: [in_house]"), "/not_while"),
    ],
)
def test_a_journey_that_would_reach_nobody_is_refused(wrong: tuple[str, str], field: str) -> None:
    with pytest.raises(InputError) as refused:
        validated(parse(JOURNEY.replace(*wrong)))
    assert field in refused.value.problems


def test_a_rehearsal_shows_whom_it_keeps_away_from(make_database: MakeDatabase) -> None:
    campaigns = journey_with(JOURNEY, "2016-01-01 00:00", make_database("campaigns"))
    campaigns.hear(stay("booked", 1, at="2016-02-01 10:00", days=("2016-05-01", "2016-05-04")))
    now = instant("2016-03-01 06:00")
    with campaigns.database.transaction() as tx:
        id_ = ask(tx, None, 30, [], now, "Mia")
    told = [_entering(id_, 0, ANA, now), _entering(id_, 1, BEN, now), _entering(id_, 2, None, now)]
    campaigns.hear_at(now, chunk_of(told))
    clock = Rehearsals(campaigns.database, most=100)
    assert clock.step(now + timedelta(minutes=5)) == 1
    query = "select guest_id, state, reason, step from rehearsal_line"
    assert campaigns.all(query) == [(ANA, "skipped", "future_booking", "first")]
    assert {one["guest_id"] for one in campaigns.published("message.rehearsed.v1")} == {str(BEN), None}


def _entering(id_: UUID, number: int, guest: UUID | None, now: datetime) -> AudienceForecast:
    told: dict[str, Any] = {
        "segment": "lapsed-3-months",
        "version": 2,
        "entered": True,
        "initial": False,
        "because": {"kind": "time"},
    }
    at = now + timedelta(days=1)
    return AudienceForecast(rehearsal_id=id_, number=number, of=2, guest_id=guest, at=at, zone="UTC", stay={}, **told)


def test_the_form_and_the_page_say_it_in_both_languages(campaigns: Campaigns) -> None:
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = person.get("/campaigns/journeys/back/edit")
    assert "Asked as a guest enters and again before each message" in words(page)
    assert page.get_data(as_text=True).count('name="not_while"') == 2
    assert "Not while in house, and not while another stay is booked" in words(person.get("/campaigns/journeys/back"))
    shown = words(person.get("/campaigns/journeys/back", headers={"Accept-Language": "zh-CN"}))
    assert "不打扰" in shown
