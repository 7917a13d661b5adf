"""Journeys entered by another tier than before: once for each change, not by who is new, not by what is told anew."""

from __future__ import annotations

import pytest

from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestChanged
from tests.campaigns.cast import Campaigns, instant
from tests.campaigns.test_happening_entry import THEN, Entry, campaigns, entered
from tests.campaigns.test_pages_editor import AT, begin, fill, marta
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import words

GOLD = {"happening": "tier.changed", "tier": "Gold"}
ANY = {"happening": "tier.changed"}


def told(version: int, tier: str | None, *, at: str = THEN, republished: bool = False) -> Chunk:
    guest = GuestChanged(
        guest_id=ANA, version=version, title=None, given_name="Ana", family_name="Abreu", birth_date=None,
        language="pt", country="PT", home_zone="Europe/Lisbon", home_property="LIS", tier=tier, tags=[], points=[],
        consents=[], do_not_contact=None, occurred_at=instant(at),
    )  # fmt: skip
    return off_the_wire(chunk_of([guest], republished=republished))


def hear(house: Campaigns, *chunks: Chunk) -> None:
    for chunk in chunks:
        house.hear_at(instant("2016-03-02 11:00"), chunk)


def changes(house: Campaigns) -> list[str]:
    return [occurrence for _, occurrence, _ in entered(house)]


@pytest.mark.parametrize(
    ("entry", "before", "after", "enters"),
    [
        (GOLD, None, "gold", True),
        (GOLD, "silver", "gold", True),
        (GOLD, "silver", "platinum", False),
        (GOLD, "gold", "gold", False),
        (GOLD, "gold", None, False),
        (ANY, "gold", "silver", True),
        (ANY, "gold", None, False),
        ({"happening": "survey.answered"}, "silver", "gold", False),
    ],
)
def test_who_gets_another_tier_enters_by_it(
    make_database: MakeDatabase, entry: Entry, before: str | None, after: str | None, enters: bool
) -> None:
    house = campaigns(make_database, entry)
    hear(house, told(1, before), told(2, after), told(2, after))
    assert changes(house) == (["happening:tier.changed:2"] if enters else [])


def test_who_is_new_with_a_tier_enters_nothing(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, GOLD)
    hear(house, told(1, "gold"))
    assert changes(house) == []


def test_each_time_that_it_becomes_so_is_one(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, GOLD)
    hear(house, *(told(version, "gold" if version % 2 == 0 else "silver") for version in range(1, 5)))
    assert changes(house) == ["happening:tier.changed:2", "happening:tier.changed:4"]


def test_what_comes_late_changes_nothing(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, GOLD)
    hear(house, told(1, "silver"), told(3, "silver"), told(2, "gold"))
    assert changes(house) == []


def test_what_was_before_the_launch_or_is_told_anew_lets_nobody_in(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, GOLD)
    hear(house, told(1, "silver"), told(2, "gold", at="2016-02-28 10:00"))
    hear(house, told(3, "silver"), told(4, "gold", republished=True))
    assert changes(house) == []


def test_told_anew_once_after_the_upgrade_the_next_change_is_noticed(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, GOLD)
    hear(house, told(1, "silver"))
    with house.database.transaction() as tx:
        tx.execute("update guest_known set tier = null")  # as it was kept before
    hear(house, told(1, "silver", republished=True), told(2, "gold"))
    assert changes(house) == ["happening:tier.changed:2"]


def test_the_editor_says_it_in_both_languages(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    person = marta(database)
    begin(person, "welcome-gold", "Welcome to Gold")
    fill(person, "welcome-gold", [("entry", {"kind": "happening", **GOLD})])
    page = person.get(f"{AT}/welcome-gold/edit?open=entry")
    assert "When a guest's tier becomes «Gold»" in words(page) and 'name="tier"' in page.text
    assert "Who is new with a tier, or loses it, does not enter." in words(page)
    chinese = person.get(f"{AT}/welcome-gold/edit", headers={"Accept-Language": "zh-CN"})
    assert "当宾客的会员等级变为「Gold」" in words(chinese)
