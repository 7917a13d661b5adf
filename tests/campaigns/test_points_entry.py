"""Journeys entered by more points than before: reached or earned, once for each gain, not by the first balance."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.campaigns.schemas import overridden
from services.campaigns.shipped import shipped
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestChanged
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, instant
from tests.campaigns.test_happening_entry import THEN, Entry, campaigns, entered
from tests.campaigns.test_pages_editor import AT, begin, fill, marta
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import words

ANY = {"happening": "points.earned"}
REACHED = {**ANY, "points_reached": 1000}
AT_ONCE = {**ANY, "points_earned": 500}
BOTH = {**REACHED, **AT_ONCE}


def state(version: int, points: int | None, *, at: str = THEN, guest: UUID = ANA) -> GuestChanged:
    return GuestChanged(
        guest_id=guest, version=version, title=None, given_name="Ana", family_name="Abreu", birth_date=None,
        language="pt", country="PT", home_zone="Europe/Lisbon", home_property="LIS", tier=None, tags=[], points=[],
        consents=[], do_not_contact=None, occurred_at=instant(at), loyalty_points=points,
    )  # fmt: skip


def told(*states: GuestChanged, republished: bool = False) -> Chunk:
    return off_the_wire(chunk_of(list(states), republished=republished))


def hear(house: Campaigns, *chunks: Chunk) -> None:
    for chunk in chunks:
        house.hear_at(instant("2016-03-02 11:00"), chunk)


def gains(house: Campaigns) -> list[str]:
    return [occurrence for _, occurrence, _ in entered(house)]


@pytest.mark.parametrize(
    ("entry", "before", "after", "enters"),
    [
        (REACHED, 999, 1000, True),
        (REACHED, 0, 4000, True),
        (REACHED, 1000, 1200, False),  # it was so before
        (REACHED, 1200, 900, False),
        (REACHED, None, 1200, False),  # the first balance: a programme that is brought in
        (REACHED, 999, None, False),
        (AT_ONCE, 1000, 1500, True),
        (AT_ONCE, 1000, 1499, False),
        (BOTH, 700, 1200, True),
        (BOTH, 900, 1200, False),
        (BOTH, 1200, 1900, False),
        (ANY, 5, 6, True),
        (ANY, 6, 6, False),
        (ANY, 6, 5, False),
        ({"happening": "tier.changed"}, 5, 6, False),
    ],
)
def test_who_has_more_points_enters_by_them(
    make_database: MakeDatabase, entry: Entry, before: int | None, after: int | None, enters: bool
) -> None:
    house = campaigns(make_database, entry)
    hear(house, told(state(1, before)), told(state(2, after)), told(state(2, after)))
    assert gains(house) == (["happening:points.earned:2"] if enters else [])


def test_each_time_that_it_is_reached_is_one(make_database: MakeDatabase) -> None:
    """A night was paid with points, and they were earned again."""
    house = campaigns(make_database, REACHED)
    hear(house, *(told(state(version, points)) for version, points in enumerate((900, 1100, 200, 1300), 1)))
    assert gains(house) == ["happening:points.earned:2", "happening:points.earned:4"]


def test_what_comes_late_was_before_the_launch_or_is_told_anew_lets_nobody_in(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, REACHED)
    hear(house, told(state(1, 900)), told(state(3, 900)), told(state(2, 1200)))
    hear(house, told(state(4, 1200, at="2016-02-28 10:00")), told(state(5, 100)))
    hear(house, told(state(6, 1200), republished=True))
    assert gains(house) == []


def test_told_anew_once_after_the_upgrade_the_next_gain_is_noticed(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, REACHED)
    hear(house, told(state(1, 900)))
    with house.database.transaction() as tx:
        tx.execute("update guest_known set points = null")  # as it was kept before
    hear(house, told(state(1, 900), republished=True), told(state(2, 1000)))
    assert gains(house) == ["happening:points.earned:2"]


def test_a_night_of_balances_is_one_chunk_and_each_guest_enters_once(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, REACHED)
    guests = [make_id("guest", str(number)) for number in range(300)]
    hear(house, told(*(state(1, 10 * place, guest=one) for place, one in enumerate(guests))))
    hear(house, told(*(state(2, 10 * place + 500, guest=one) for place, one in enumerate(guests))))
    assert gains(house) == ["happening:points.earned:2"] * 50  # those of 500 to 990 before


@pytest.mark.parametrize(
    "entry", [{**ANY, "points_reached": 0}, {**ANY, "hotel": "LIS"}, {"happening": "tier.changed", "points_earned": 5}]
)
def test_what_cannot_be_asked_is_refused(entry: Entry) -> None:
    with pytest.raises(InputError):
        overridden(shipped("welcome"), {"entry": entry})


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ({"points_reached": "1000"}, "When a guest reaches 1,000 points", "当宾客的积分达到 1,000"),
        ({"points_earned": "500"}, "When a guest earns at least 500 points at once", "当宾客一次获得至少 500 积分"),
        (
            {"points_reached": "1000", "points_earned": "500"},
            "When a guest reaches 1,000 points by earning at least 500 at once",
            "当宾客一次获得至少 500 积分并使积分达到 1,000",
        ),
        ({}, "When a guest earns points", "当宾客获得积分"),
    ],
)
def test_a_marketer_picks_it_from_the_list_and_reads_it_in_both_languages(
    make_database: MakeDatabase, typed: dict[str, str], english: str, chinese: str
) -> None:
    person = marta(make_database("campaigns"))
    begin(person, "thousand", "The first thousand")
    fill(person, "thousand", [("entry", {"kind": "happening"})])
    offered = person.get(f"{AT}/thousand/edit?open=entry").text
    assert '<option value="points.earned">A guest earns points, or reaches so many</option>' in offered
    fill(person, "thousand", [("entry", {"kind": "happening", "happening": "points.earned", **typed})])
    page = person.get(f"{AT}/thousand/edit?open=entry")
    assert english in words(page) and 'name="points_reached"' in page.text
    assert "nor does whose first balance is told" in words(page)
    assert chinese in words(person.get(f"{AT}/thousand/edit", headers={"Accept-Language": "zh-CN"}))
