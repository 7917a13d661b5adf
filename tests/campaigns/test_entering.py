"""Who may enter again, how many may enter, and whom no offer reaches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.rules.requests import in_control_of_house
from services.campaigns.schemas import parse
from services.campaigns.service import SERVICE
from services.campaigns.shipped import shipped
from services.campaigns.store.entries import turned_away
from services.campaigns.store.holdout import set_share
from shared.errors import InputError
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, instant
from tests.cast import ANA, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

HELLO = """
key: hello
name: Hello
purpose: marketing
entry: {audience: lapsed}
steps:
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
"""
AGAIN = HELLO + "re_entry: after_days\nagain_after_days: 30\n"
GUESTS = [make_id("guest", "entering", number) for number in range(6)]


def running(make_database: MakeDatabase, text: str) -> Campaigns:
    found = Campaigns(make_database("campaigns"))
    with found.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "hello", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    return found


def enter(campaigns: Campaigns, version: int, at: str, guests: Any = (ANA,)) -> None:
    for guest in guests:
        campaigns.hear(audience(guest, version, True, at, segment="lapsed"), at)
    campaigns.tick(at)


@pytest.mark.parametrize(
    ("entered", "messages"),
    [
        ([(1, "2016-03-01 10:00"), (3, "2016-03-20 10:00")], 1),
        ([(1, "2016-03-01 10:00"), (3, "2016-03-31 10:00")], 2),
        ([(1, "2016-03-01 10:00"), (1, "2016-03-01 10:00")], 1),
        ([(1, "2016-03-01 10:00"), (3, "2016-03-20 10:00"), (5, "2016-04-02 10:00")], 2),
    ],
)
def test_a_guest_enters_again_after_so_many_days_at_the_earliest(
    make_database: MakeDatabase, entered: list[tuple[int, str]], messages: int
) -> None:
    campaigns = running(make_database, AGAIN)
    for version, at in entered:
        enter(campaigns, version, at)
    assert len(campaigns.requested()) == messages


def test_so_many_enter_a_day_and_in_all_and_who_finds_no_room_is_counted(make_database: MakeDatabase) -> None:
    campaigns = running(make_database, HELLO + "room: {a_day: 2, in_all: 5}\n")
    enter(campaigns, 1, "2016-03-01 10:00", GUESTS[:3])
    enter(campaigns, 1, "2016-03-01 10:00", GUESTS[:2])  # once more: they are in already
    assert len(campaigns.requested()) == 2
    enter(campaigns, 3, "2016-03-02 10:00", GUESTS)
    enter(campaigns, 5, "2016-03-03 10:00", GUESTS)
    enter(campaigns, 7, "2016-03-04 10:00", GUESTS)
    assert len(campaigns.requested()) == 5
    with campaigns.database.transaction() as tx:
        assert turned_away(tx, ["hello"]) == {"hello": 1 + 4 + 5 + 6}
    page = words(browser(SERVICE.build_web, Config(), campaigns.database, MARTA).get("/campaigns/journeys/hello"))
    assert "2 guests a day, 5 in all" in page and "16 guests found no room" in page


def test_the_houses_control_group_gets_no_offer_of_any_journey(make_database: MakeDatabase) -> None:
    campaigns = running(make_database, HELLO)
    with campaigns.database.transaction() as tx:
        set_share(tx, 50, instant("2016-02-01 00:00"), "Marta")
    enter(campaigns, 1, "2016-03-01 10:00", GUESTS)
    kept = {message["guest_id"]: message["holdout"] for message in campaigns.requested()}
    assert kept == {str(guest): 100 if in_control_of_house(guest, 50) else 0 for guest in GUESTS}
    assert set(kept.values()) == {0, 100}


def test_the_control_group_of_the_house_reaches_no_survey_and_grows_by_the_same_guests(
    make_database: MakeDatabase,
) -> None:
    campaigns = running(make_database, HELLO.replace("marketing", "feedback"))
    with campaigns.database.transaction() as tx:
        set_share(tx, 50, instant("2016-02-01 00:00"), "Marta")
    enter(campaigns, 1, "2016-03-01 10:00", GUESTS)
    assert {message["holdout"] for message in campaigns.requested()} == {0}
    many = [make_id("guest", number) for number in range(2000)]
    ten, twenty = ({guest for guest in many if in_control_of_house(guest, share)} for share in (10, 20))
    assert ten < twenty and 0.07 < len(ten) / len(many) < 0.13


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ("re_entry: after_days\n", "/again_after_days"),
        ("again_after_days: 30\n", "/again_after_days"),
        ("room: {}\n", "/room"),
        ("room: {a_day: 0}\n", "/room/a_day"),
    ],
)
def test_what_cannot_be_says_where(more: str, pointer: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(HELLO + more)
    assert pointer in refused.value.problems


def test_a_document_without_them_stays_as_it_was() -> None:
    assert {"again_after_days", "room"}.isdisjoint(shipped("win-back"))


def test_they_are_set_by_forms(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    person = browser(SERVICE.build_web, Config(), database, MARTA)
    person.get("/campaigns/journeys/new")
    person.post("/campaigns/journeys", {"name": "Hello", "key": "hello"})
    form = {"name": "Hello", "purpose": "marketing", "priority": "100", "holdout": "0", "re_entry": "after_days"}
    person.post("/campaigns/journeys/hello/edit/settings", {**form, "again_after_days": "45", "a_day": "200"})
    with database.transaction() as tx:
        ((draft,),) = tx.execute("select document from journey_draft").fetchall()
    assert (draft["again_after_days"], draft["room"]) == (45, {"a_day": 200})
    person.post("/campaigns/journeys/hello/edit/settings", {**form, "re_entry": "once"})
    with database.transaction() as tx:
        ((draft,),) = tx.execute("select document from journey_draft").fetchall()
    assert {"again_after_days", "room"}.isdisjoint(draft)
    answer = person.post("/campaigns/journeys/control-group", {"share": "5"})
    assert "5 per cent of guests receive no offer" in words(answer)
    assert person.post("/campaigns/journeys/control-group", {"share": "90"}).status_code == 422
