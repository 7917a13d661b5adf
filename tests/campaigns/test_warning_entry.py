"""Journeys entered by a warning: the guests of its hotel who are in the segment, once for each warning, however often
it is told; one of a week ago begins nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.launch import end, launch, pause, resume
from services.campaigns.commands.publish import publish
from services.campaigns.commands.turn_warnings import turn_warnings
from services.campaigns.config import Config
from services.campaigns.schemas import overridden, validated
from services.campaigns.service import SERVICE
from services.campaigns.shipped import shipped
from services.campaigns.store import warning_turns
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.console import WarningRaised
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, instant, stay
from tests.campaigns.test_guests import erased
from tests.campaigns.test_pages_editor import AT, begin, fill
from tests.campaigns.test_pages_editor import marta as at_the_editor
from tests.cast import ANA, BEN, CARLA, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import Browser, browser, words

LAUNCH = "2016-03-01 08:00"
RAISED = "2016-03-10 05:00"
SEND: dict[str, Any] = {"template": "news", "channels": ["email"], "useful_for": {"days": 2}}
ENTRY: dict[str, Any] = {"warning": ["books"], "audience": "regulars"}


def house_with(database: Database, entry: dict[str, Any] | None = None, **more: Any) -> Campaigns:
    """Ana and Ben have stayed in Lisbon, Carla in Shanghai; all three are in the segment."""
    document = {
        "key": "fill",
        "name": "Fill the house",
        "purpose": "marketing",
        "entry": entry or ENTRY,
        "steps": [{"key": "message", "send": SEND}],
        **more,
    }
    with database.transaction() as tx:
        publish(tx, validated(document), instant(LAUNCH), "marketer")
        launch(tx, "fill", at=instant(LAUNCH), by="marketer")
    house = Campaigns(database)
    for guest, hotel, number in ((ANA, "LIS", "R1"), (BEN, "LIS", "R2"), (CARLA, "SHA", "R3")):
        told = stay("checked_out", 1, guest=guest, hotel=hotel, reservation=number, at="2016-03-01 12:00")
        house.hear(told, "2016-03-02 12:00")
        house.hear(audience(guest, 1, True, "2016-03-01 09:00", segment="regulars", initial=True))
    return house


@pytest.fixture
def house(make_database: MakeDatabase) -> Campaigns:
    return house_with(make_database("campaigns"))


def warning(hotel: str = "LIS", signal: str = "nights", at: str = RAISED, number: int = 1) -> Chunk:
    told = WarningRaised(
        warning_id=make_id("warning", hotel, signal, number),
        version=1,
        signal=signal,
        property=hotel,
        day=(instant(at) - timedelta(days=1)).date(),
        value="0.4",
        centre="1",
        border="0.8",
        part=40,
        whole=100,
        calls_duty=False,
        occurred_at=instant(at),
    )
    return off_the_wire(chunk_of([told]))


def entered(house: Campaigns) -> list[tuple[UUID, str, str]]:
    return house.all("select guest_id, occurrence, property from enrolment order by occurrence, guest_id")


def in_order(*guests: UUID, hotel: str = "LIS", signal: str = "nights") -> list[tuple[UUID, str, str]]:
    occurrence = f"warning:{make_id('warning', hotel, signal, 1)}"
    return sorted((guest, occurrence, hotel) for guest in guests)


def test_whoever_is_in_the_segment_and_knows_the_hotel_enters_once_however_often_it_is_told(house: Campaigns) -> None:
    for _ in range(2):
        house.hear(warning(), RAISED)
        house.run("2016-03-11 00:00")
    house.hear(warning(), "2016-03-12 00:00")
    house.run("2016-03-13 00:00")
    assert entered(house) == in_order(ANA, BEN), "and nobody of the other hotel"
    assert {(one["guest_id"], one["property"]) for one in house.requested()} == {(str(ANA), "LIS"), (str(BEN), "LIS")}
    assert house.next_due() is None


def test_another_hotels_warning_lets_in_its_own_guests(house: Campaigns) -> None:
    house.hear(warning("SHA"), RAISED)
    house.run("2016-03-11 00:00")
    assert entered(house) == in_order(CARLA, hotel="SHA")


@pytest.mark.parametrize(
    ("entry", "signal", "hotel", "guests"),
    [
        (ENTRY, "occupancy", "LIS", 2), (ENTRY, "arrivals", "LIS", 2), (ENTRY, "complaints", "LIS", 0),
        (ENTRY, "nights", "", 0), (ENTRY, "of-a-newer-version", "LIS", 0),
        ({**ENTRY, "hotel": "SHA"}, "nights", "LIS", 0), ({**ENTRY, "hotel": "LIS"}, "nights", "LIS", 2),
        ({**ENTRY, "warning": ["complaints", "nps"]}, "nps", "LIS", 2),
        ({**ENTRY, "warning": ["complaints", "nps"]}, "nights", "LIS", 0),
        ({**ENTRY, "audience": "others"}, "nights", "LIS", 0),
    ],
)  # fmt: skip
def test_by_what_it_is_of_by_hotel_and_by_segment(
    make_database: MakeDatabase, entry: dict[str, Any], signal: str, hotel: str, guests: int
) -> None:
    house = house_with(make_database("campaigns"), entry)
    house.hear(warning(hotel, signal), RAISED)
    house.run("2016-03-11 00:00")
    assert len(entered(house)) == guests


@pytest.mark.parametrize(("came", "guests"), [("2016-03-17 04:59", 2), ("2016-03-17 05:00", 0)])
def test_one_that_comes_a_week_late_begins_nothing_and_the_page_says_so(
    make_database: MakeDatabase, came: str, guests: int
) -> None:
    house = house_with(make_database("campaigns"))
    house.hear(warning(), came)
    while house.tick(came):
        pass
    assert len(entered(house)) == guests
    page = words(desk(house).get("/campaigns/journeys/fill"))
    said = "2 guests entered" if guests else "a week old when it came: it began nothing"
    warned = "Fewer nights on the books than a year before · Casa do Tejo Lisboa Mar 10 05:00 (Lisbon)"
    assert f"Warnings that came {warned} {said}" in page


def desk(house: Campaigns) -> Browser:
    return browser(SERVICE.build_web, Config(), house.database, MARTA, at=instant("2016-03-20 10:00"))


def test_one_of_before_the_launch_brings_nobody_in(house: Campaigns) -> None:
    house.hear(warning(at="2016-03-01 07:59"), "2016-03-01 12:00")
    house.run("2016-03-11 00:00")
    assert entered(house) == [] and house.all("select * from warning_turn") == []


def test_a_paused_journey_takes_guests_in_and_writes_when_it_goes_on(house: Campaigns) -> None:
    with house.database.transaction() as tx:
        pause(tx, "fill", at=instant("2016-03-09 00:00"))
    house.hear(warning(), RAISED)
    while house.tick(RAISED):
        pass
    assert entered(house) == in_order(ANA, BEN) and house.requested() == []
    with house.database.transaction() as tx:
        resume(tx, "fill", at=instant("2016-03-10 20:00"))
    while house.tick("2016-03-10 20:00"):
        pass
    assert len(house.requested()) == 2


def test_each_request_says_whom_the_control_group_keeps_out(make_database: MakeDatabase) -> None:
    house = house_with(make_database("campaigns"), holdout=10)
    house.hear(warning(), RAISED)
    house.run("2016-03-11 00:00")
    assert [one["holdout"] for one in house.requested()] == [10, 10]


def test_days_between_two_warnings_and_room_are_kept(make_database: MakeDatabase) -> None:
    more: dict[str, Any] = {"re_entry": "after_days", "again_after_days": 90, "room": {"a_day": 1}}
    house = house_with(make_database("campaigns"), **more)
    house.hear(warning(), RAISED)
    house.run("2016-03-11 00:00")
    assert len(entered(house)) == 1 and house.one("select sum(turned_away) from journey_entries") == 1
    (first,) = [guest for guest, *_ in entered(house)]
    house.hear(warning(at="2016-04-10 05:00", number=2), "2016-04-10 05:00")
    house.run("2016-04-11 00:00")
    assert sorted(guest for guest, *_ in entered(house)) == sorted((ANA, BEN)), f"{first} was in 31 days ago"


def test_who_was_erased_left_the_segment_or_cancelled_does_not_enter(house: Campaigns) -> None:
    house.hear(erased(), "2016-03-03 00:00")
    house.hear(audience(BEN, 2, False, "2016-03-03 00:00", segment="regulars"))
    gone = stay("cancelled", 1, guest=CARLA, reservation="R9", at="2016-03-03 12:00", days=("2016-05-01", "2016-05-03"))
    house.hear(gone, "2016-03-03 12:00")
    house.hear(warning(), RAISED)
    house.run("2016-03-11 00:00")
    assert entered(house) == []


def test_a_range_at_a_time_it_goes_on_where_it_died(house: Campaigns) -> None:
    house.hear(warning(), RAISED)
    counted = []
    for _ in range(4):
        with house.database.transaction() as tx:
            turn_warnings(tx, instant(RAISED), most=1)
        counted.append((len(entered(house)), *house.all("select state, let_in from warning_turn")[0]))
    assert counted == [(1, "due", 1), (2, "due", 2), (2, "done", 2), (2, "done", 2)]


def test_a_journey_that_ended_or_begins_otherwise_by_now_lets_nobody_in(house: Campaigns) -> None:
    house.hear(warning(), RAISED)
    other = overridden(shipped("welcome"), {"key": "fill"})
    with house.database.transaction() as tx:
        launch(tx, "fill", at=instant(RAISED), by="M", version=publish(tx, other, instant(RAISED), "M"))
    house.run("2016-03-11 00:00")
    assert entered(house) == [] and house.one("select state from warning_turn") == "stopped"


def test_an_end_stops_what_has_come(house: Campaigns) -> None:
    house.hear(warning(), RAISED)
    with house.database.transaction() as tx:
        end(tx, "fill", at=instant(RAISED))
    assert house.next_due() is None and house.one("select state from warning_turn") == "stopped"


@pytest.mark.parametrize(
    "entry",
    [
        {"warning": ["books"]}, {"warning": [], "audience": "a"}, {"warning": ["bounces"], "audience": "a"},
        {"warning": "books", "audience": "a"}, {"warning": ["books"], "audience": "a", "when": "entered"},
    ],
)  # fmt: skip
def test_an_entry_that_is_none_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        overridden(shipped("fill-the-house"), {"entry": entry})


def test_the_launch_says_how_many_a_warning_of_today_would_find(house: Campaigns) -> None:
    page = words(desk(house).get("/campaigns/journeys/fill/launch"))
    assert "Would enter by a warning of today 2 at " in page and "at other hotels fewer" in page
    assert "When a warning is raised at a hotel (less on the books than a year before)" in page
    none_yet = words(desk(house).get("/campaigns/journeys/fill"))
    assert "Warnings that came None since the launch." in none_yet


def test_the_editor_makes_it_of_a_form_and_says_it_in_both_languages(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    person = at_the_editor(database)
    begin(person, "fill", "Fill the house")
    fill(person, "fill", [("entry", {"kind": "warning"})])
    assert "Choose what the warning is of." in words(person.get(f"{AT}/fill/edit"))
    typed = {"kind": "warning", "warning": ["books", "nps"], "hotel": "LIS", "audience": "regulars"}
    fill(person, "fill", [("entry", typed)])
    text = words(person.get(f"{AT}/fill/edit"))
    said = "When a warning is raised at LIS (less on the books than a year before or an NPS that falls): guests of the"
    assert f"{said} hotel who are in «regulars»" in text and "Choose what the warning is of." not in text
    assert "LIS 出现预警" in words(person.get(f"{AT}/fill/edit", headers={"Accept-Language": "zh-CN"}))


def test_of_a_great_segment_it_is_estimated_by_those_looked_at(
    house: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warning_turns, "LOOKED_AT", 2)
    first = sorted((ANA, BEN, CARLA))[:2]
    at_lisbon = sum(guest in (ANA, BEN) for guest in first)
    with house.database.transaction() as tx:
        found = warning_turns.found_now(tx, "regulars", None, EVERYWHERE)
    assert found.is_estimate and found.by_hotel["LIS"] == round(at_lisbon * 3 / 2)
    assert [warning_turns.rounded(number) for number in (7.6, 99.2, 1234, 98_765)] == [8, 99, 1200, 99_000]
