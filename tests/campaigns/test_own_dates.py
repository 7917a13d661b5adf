"""Entries by the house's own dates: before and after them, planned anew when they move, over when they are gone."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.pages import neighbours
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.requests import dates_of
from services.campaigns.schemas import validated
from services.campaigns.shipped import shipped
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import Chunk
from tests.campaigns.cast import LISBON, Campaigns, audience, instant, outcome
from tests.campaigns.test_pages_editor import begin, fill, marta
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.web import words

LAUNCH = "2016-01-01 00:00"
SEND = {"template": "birthday", "channels": ["email"], "useful_for": {"days": 2}}
WEEK_BEFORE = {"date": "own:wedding", "days": -7, "hour": "10:00"}
STEPS: list[dict[str, Any]] = [
    {"key": "first", "send": SEND},
    {"key": "day", "until_date": {"date": "own:wedding", "hours": -2, "hour": "12:00"}},
    {"key": "second", "send": SEND},
]


def document(entry: dict[str, Any], steps: Any = STEPS) -> dict[str, Any]:
    kept = {key: value for key, value in shipped("birthday").items() if key not in ("goal", "exits", "not_while")}
    return validated({**kept, "holdout": 0, "entry": entry, "steps": steps})


def at_work(database: Database, entry: dict[str, Any], steps: Any = STEPS) -> Campaigns:
    with database.transaction() as tx:
        publish(tx, document(entry, steps), instant(LAUNCH), "marketer")
        launch(tx, "birthday", at=instant(LAUNCH), by="marketer")
    campaigns = Campaigns(database)
    campaigns.run(LAUNCH)
    return campaigns


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return at_work(make_database("campaigns"), WEEK_BEFORE)


def near(day: str, at: str, version: int, *, entered: bool = True, moved: bool = False, **more: Any) -> Chunk:
    because = {"kind": "guest", "what": "guest.dates_changed"} if moved else {"kind": "time"}
    told = {**because, **({"own:wedding": day} if day else {}), **more}
    return audience(ANA, version, entered, at, segment="journeys-own-wedding-7", because=told, zone=LISBON)


def due(campaigns: Campaigns) -> list[str]:
    return [message["due_at"][:16] for message in campaigns.requested()]


def test_guests_enter_by_days_before_it_and_wait_for_hours_of_it(campaigns: Campaigns) -> None:
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    campaigns.run("2016-05-14 00:00")
    campaigns.hear(near("", "2016-05-20 23:00", 2, entered=False))  # time takes them out, which ends nothing
    campaigns.run("2016-12-31 00:00")
    assert due(campaigns) == ["2016-05-13T09:00", "2016-05-20T09:00"]
    assert {message["occurrence"] for message in campaigns.requested()} == {"own:wedding:2016"}
    assert "own:wedding" not in campaigns.requested()[0]["values"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_day_that_moves_before_anything_went_is_planned_anew_in_any_order(
    campaigns: Campaigns, order: tuple[int, int]
) -> None:
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    changes = (
        near("", "2016-05-13 07:00", 2, entered=False, moved=True),
        near("2016-05-21", "2016-05-13 07:00", 3, moved=True),
    )
    for place in order:
        campaigns.hear(changes[place])
    campaigns.run("2016-12-31 00:00")
    assert due(campaigns) == ["2016-05-14T09:00", "2016-05-21T09:00"]


def move(campaigns: Campaigns, day: str, at: str, **more: Any) -> None:
    """Out and in again, as segments tells it."""
    campaigns.hear(near("", at, 2, entered=False, moved=True))
    campaigns.hear(near(day, at, 3, moved=True, **more))


def test_a_day_that_moves_between_two_messages_moves_the_second_alone(campaigns: Campaigns) -> None:
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    campaigns.run("2016-05-14 00:00")
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, "2016-05-13 09:00"))
    move(campaigns, "2016-05-18", "2016-05-15 07:00")
    campaigns.run("2016-12-31 00:00")
    assert due(campaigns) == ["2016-05-13T09:00", "2016-05-18T09:00"]


def test_a_day_that_is_taken_away_ends_it(campaigns: Campaigns) -> None:
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    campaigns.hear(near("", "2016-05-13 07:00", 2, entered=False, moved=True))
    campaigns.run("2016-12-31 00:00")
    assert due(campaigns) == []
    assert campaigns.all("select state, reason from enrolment") == [("exited", "date_unknown")]


def test_a_date_that_comes_once_is_another_occasion_when_it_moves(campaigns: Campaigns) -> None:
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1, once=True))
    move(campaigns, "2016-05-21", "2016-05-13 07:00", once=True)
    campaigns.run("2016-12-31 00:00")
    assert [(one["occurrence"], one["due_at"][:10]) for one in campaigns.requested()] == [
        ("own:wedding:2016-05-21", "2016-05-14"),
        ("own:wedding:2016-05-21", "2016-05-21"),
    ]


def test_29_february_is_kept_as_a_birthday_is(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"), {**WEEK_BEFORE, "leap_day": "1-march"})
    campaigns.hear(near("2017-02-28", "2017-02-21 00:00", 1, leap="02-29"))
    campaigns.run("2017-12-31 00:00")
    assert due(campaigns) == ["2017-02-22T10:00", "2017-03-01T10:00"]


def test_of_the_lunar_calendar_two_may_fall_into_one_year_of_ours(campaigns: Campaigns) -> None:
    """12/1 begins on 10 January 2016 and on 29 December."""
    campaigns.hear(near("2016-01-10", "2016-01-02 23:00", 1))
    campaigns.hear(near("", "2016-01-11 00:00", 2, entered=False))
    campaigns.hear(near("2016-12-29", "2016-12-21 23:00", 3))
    campaigns.run("2017-01-31 00:00")
    assert [(one["occurrence"], one["due_at"][:10]) for one in campaigns.requested()] == [
        ("own:wedding:2016", "2016-01-03"),
        ("own:wedding:2016", "2016-01-10"),
        ("own:wedding:2016-12-29", "2016-12-22"),
        ("own:wedding:2016-12-29", "2016-12-29"),
    ]


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        ({"days": -7, "hour": "10:00"}, 7),
        ({"days": 30, "hour": "10:00"}, 0),
        ({"hours": -24, "hour": "00:00"}, 2),
        ({"hours": -36, "hour": "10:00"}, 3),
        ({"hours": 5, "hour": "10:00"}, 0),
    ],
)
def test_an_entry_derives_its_segment(entry: dict[str, Any], days: int) -> None:
    journey = journey_of(document({"date": "own:wedding", **entry}))
    (wanted,) = dates_of(journey)
    assert (wanted.segment, wanted.date, wanted.days) == (f"journeys-own-wedding-{days}", "own:wedding", days)
    assert validated(document({"date": "own:wedding", **entry})) == document({"date": "own:wedding", **entry})


@pytest.mark.parametrize(
    "entry",
    [
        {"date": "own:wedding", "offset_days": -7},
        {"date": "own:Wedding", "days": -7, "hour": "10:00"},
        {"date": "own:" + "x" * 41, "days": -7, "hour": "10:00"},
        {"date": "own:wedding", "days": -7, "hours": -2, "hour": "10:00"},
        {"date": "own:wedding", "days": -181, "hour": "10:00"},
        {"date": "birthday", "days": -7, "hours": 0, "hour": "10:00"},
        {"date": "own:wedding", "days": -7},
    ],
)
def test_what_cannot_be_is_refused(entry: dict[str, Any]) -> None:
    steps = [{"key": "first", "send": SEND}]
    with pytest.raises(InputError):
        document(entry, steps)


@pytest.mark.parametrize("path", [neighbours.SEGMENTS, neighbours.DATES])
def test_a_guests_story_and_the_list_of_guests_call_the_date_by_its_name(
    campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The second: as whoever reads stories is told it who makes no journeys."""
    answers = {path: {"dates": [{"key": "wedding", "name": "Wedding day"}]}}
    monkeypatch.setattr(neighbours, "ask_neighbours", lambda paths: {path: answers.get(path) for path in paths})
    campaigns.hear(near("2016-05-20", "2016-05-12 23:00", 1))
    person = marta(campaigns.database)
    (entry,) = person.get(f"/campaigns/guests/{ANA}/story").json["entries"]  # type: ignore[index]
    assert "Because of: date «Wedding day» 2016." in entry["html"]
    if path == neighbours.SEGMENTS:
        assert "date «Wedding day» 2016" in words(person.get("/campaigns/journeys/birthday/people"))


def test_the_editor_takes_a_date_of_the_houses_own_and_says_it(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {neighbours.SEGMENTS: {"segments": [], "dates": [{"key": "wedding", "name": "Wedding day"}]}}
    monkeypatch.setattr(neighbours, "ask_neighbours", lambda paths: {path: answers.get(path) for path in paths})
    database = make_database("campaigns")
    person = marta(database)
    begin(person, "wedding", "Wedding")
    chosen = {"kind": "date", "date": "own:wedding", "offset_days": "5", "direction": "before"}
    fill(person, "wedding", [("entry", chosen)])  # as the choice alone was changed
    page = person.get("/campaigns/journeys/wedding/edit?open=entry")
    assert "5 days before «Wedding day» at 15:00" in words(page) and 'name="amount"' in page.text
    said = {"amount": "36", "unit": "hours", "direction": "after", "hour": "10:00", "leap_day": "1-march"}
    fill(person, "wedding", [("entry", {"kind": "date", "date": "own:wedding", **said})])
    page = person.get("/campaigns/journeys/wedding/edit?open=entry")
    assert "36 hours after 10:00 on the day of «Wedding day»" in words(page)
    fill(person, "wedding", [("steps", {"kind": "until_date", "after": ""})])
    assert '<option value="own:wedding">Wedding day</option>' in person.get("/campaigns/journeys/wedding/edit").text
    with database.transaction() as tx:
        ((document,),) = tx.execute("select document from journey_draft").fetchall()
    wanted = {"date": "own:wedding", "days": 0, "hours": 36, "hour": "10:00", "leap_day": "1-march"}
    assert document["entry"] == wanted


def test_the_editor_says_how_a_date_by_the_lunar_calendar_comes_again(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And asks nothing of 29 February, which such a date does not know."""
    dates = [{"key": "ancestors", "name": "Ancestors' day (lunar calendar)", "lunar": True}]
    answers = {neighbours.SEGMENTS: {"segments": [], "dates": dates}}
    monkeypatch.setattr(neighbours, "ask_neighbours", lambda paths: {path: answers.get(path) for path in paths})
    person = marta(make_database("campaigns"))
    begin(person, "ancestors", "Ancestors")
    fill(person, "ancestors", [("entry", {"kind": "date", "date": "own:ancestors", "amount": "5", "hour": "10:00"})])
    page = person.get("/campaigns/journeys/ancestors/edit?open=entry")
    assert "«Ancestors' day (lunar calendar)» at 10:00" in words(page)
    assert "It comes again by the lunar calendar" in words(page) and "on 1 March" not in words(page)
