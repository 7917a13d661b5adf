"""Journeys entered by a hotel's own event: once for each, by name, hotel and value, whatever its order."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden
from services.campaigns.shipped import shipped
from services.campaigns.steps.event_values import Compared, ValueIs
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestErased, GuestEvent
from shared.ids import make_id
from tests.campaigns.cast import LISBON, Campaigns, instant
from tests.campaigns.test_pages_editor import AT, begin, fill, marta
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import words

LAUNCH = "2016-03-01 08:00"
TOLD = "2016-03-02 10:00"


def campaigns(make_database: MakeDatabase, entry: dict[str, Any] | None = None) -> Campaigns:
    database = make_database("campaigns")
    with database.transaction() as tx:
        publish(tx, _journey(entry or {"event": "spa.booked"}), instant(LAUNCH), "M")
        launch(tx, "welcome", at=instant(LAUNCH), by="Marta", entries_from=None)
    return Campaigns(database)


def _journey(entry: dict[str, Any]) -> Any:
    return overridden(shipped("welcome"), {"entry": entry, "re_entry": "each_occurrence"})


def told(guest: Any = ANA, number: int = 1, at: str = TOLD, **more: Any) -> Chunk:
    said: dict[str, Any] = {
        "event_id": make_id("guest event", "LIS", number),
        "version": 1,
        "guest_id": guest,
        "stay_id": None,
        "property": "LIS",
        "zone": LISBON,
        "name": "spa.booked",
        "details": {"minutes": 50, "treatment": "Hot stone", "first": True},
        "happened_at": instant(at),
        "occurred_at": instant(at),
    }
    return off_the_wire(chunk_of([GuestEvent(**{**said, **more})]))


def entered(house: Campaigns) -> list[tuple[Any, ...]]:
    return house.all("select guest_id, occurrence, property from enrolment order by entered_at, guest_id, occurrence")


def test_told_twice_late_or_in_any_order_each_event_lets_in_once(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    first, second = told(), told(number=2, at="2016-03-02 12:00")
    for chunk in (second, first, first, second):
        house.hear_at(instant("2016-03-02 13:00"), chunk)
    names = [f"event:{make_id('guest event', 'LIS', number)}" for number in (1, 2)]
    assert entered(house) == [(ANA, name, "LIS") for name in names]


def test_several_guests_of_one_message_enter_each(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    both = [GuestEvent(**{name: chunk[name][0] for name in chunk.type.columns}) for chunk in (told(), told(BEN, 2))]
    house.hear_at(instant(TOLD), chunk_of(both))
    assert [str(guest) for guest, *_ in entered(house)] == sorted(map(str, (ANA, BEN)))


@pytest.mark.parametrize(
    ("entry", "more", "enters"),
    [
        ({"event": "spa.booked"}, {}, True),
        ({"event": "spa.booked"}, {"name": "table.booked"}, False),
        ({"event": "spa.booked", "hotel": "LIS"}, {}, True),
        ({"event": "spa.booked", "hotel": "SHA"}, {}, False),
        ({"event": "spa.booked", "where": {"value": "minutes", "op": "at_least", "to": "50"}}, {}, True),
        ({"event": "spa.booked", "where": {"value": "minutes", "op": "at_most", "to": "49.5"}}, {}, False),
        ({"event": "spa.booked", "where": {"value": "room", "op": "is", "to": "7"}}, {}, False),
        ({"event": "spa.booked"}, {"happened_at": instant("2016-02-28 10:00")}, False),  # before the launch
    ],
)
def test_by_name_by_hotel_and_by_value(
    make_database: MakeDatabase, entry: dict[str, Any], more: dict[str, Any], enters: bool
) -> None:
    house = campaigns(make_database, entry)
    house.hear_at(instant("2016-03-02 11:00"), told(**more))
    assert bool(entered(house)) == enters


@pytest.mark.parametrize(
    ("found", "op", "to", "holds"),
    [
        ("Hot stone", "is", " hot STONE ", True), (50, "is", "50.0", True), (True, "is", "yes", True),
        (True, "is", "1", False), (False, "is", "no", True), (None, "is", "None", False), ("", "is", "", True),
        ("60", "at_least", "50", True), (49.9, "at_least", "50", False), (True, "at_least", "0", False),
        ("a lot", "at_most", "50", False), (50, "at_most", "50", True), ("NaN", "at_most", "50", False),
    ],
)  # fmt: skip
def test_a_value_is_compared_by_what_it_is_worth(found: Any, op: str, to: str, holds: bool) -> None:
    assert ValueIs("x", Compared(op), to).holds({"x": found}) is holds
    assert not ValueIs("y", Compared(op), to).holds({"x": found})


def test_who_was_erased_enters_nothing_by_what_comes_late(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    house.hear_at(instant(TOLD), chunk_of([GuestErased(guest_id=ANA, version=9, occurred_at=instant(TOLD))]))
    house.hear_at(instant(TOLD), told())
    assert entered(house) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"event": "spa"}, {"event": "Spa.Booked"}, {"event": "a." + "b" * 60},
        {"event": "spa.booked", "stay": "booked"},
        {"event": "spa.booked", "where": {"value": "minutes", "op": "at_least", "to": "long"}},
        {"event": "spa.booked", "where": {"value": "minutes"}}, {"where": {"value": "x", "op": "is", "to": "1"}},
    ],
)  # fmt: skip
def test_an_entry_that_is_none_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        overridden(shipped("welcome"), {"entry": entry})


def test_the_editor_offers_names_that_were_seen_and_takes_others(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    Campaigns(database).hear_at(instant(TOLD), told())
    person = marta(database)
    begin(person, "spa", "After the spa")
    typed = {"kind": "event", "event": " Golf.Played ", "hotel": "LIS", "value": "holes", "op": "at_least", "to": "18"}
    fill(person, "spa", [("entry", {"kind": "event"})])
    page = person.get(f"{AT}/spa/edit").get_data(as_text=True)
    assert '<option value="spa.booked">' in page and "Name the event as the hotel" in page
    fill(person, "spa", [("entry", typed)])
    text = words(person.get(f"{AT}/spa/edit"))
    assert "When LIS tells of «golf.played» and its «holes» is at least 18" in text
    assert "Name the event as the hotel" not in text
    fill(person, "spa", [("entry", {**typed, "to": "many"})])
    assert "Only a number is at least or at most something." in words(person.get(f"{AT}/spa/edit"))
