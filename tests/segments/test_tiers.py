"""Tiers by rule: whoever has as much has the tier, until they have not; and how much is missing until the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segments.clock import Tags
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import save_segment
from services.segments.commands.tiers import save_ladder
from services.segments.config import Config
from services.segments.facts.guest_view import Ladder
from services.segments.rules.evaluate_python import holds
from services.segments.rules.language.parse import parse
from services.segments.service import SERVICE
from services.segments.store.told.loyalty import Loyalty, save
from shared.access.people import Person as Colleague
from shared.database.pool import Database
from shared.ids import make_id
from tests.cast import MARTA, WEI
from tests.segments.audience_people import Person, Stayed, enter, move
from tests.segments.rows import rows_of
from tests.segments.test_evaluate_twice import view
from tests.segments.test_sweep import run
from tests.web import browser, words

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
BY = Colleague(MARTA.person_id, MARTA.name, MARTA.role, frozenset())
PAGE = "/segments/segments/tiers"
STEPS = [("Silver", Decimal(3)), ("Gold", Decimal(6))]
STAYS = [
    Stayed("ann", "R1", arrival=date(2016, 4, 1), nights=4),
    Stayed("ben", "R2", arrival=date(2016, 3, 1), nights=7),
    Stayed("cleo", "R3", arrival=date(2016, 3, 1), nights=1),
]
PEOPLE = [Person("ann"), Person("ben", tier="Basic"), Person("cleo")]


def ladder(database: Database, *, yearly: bool = True, gives: bool = True, measure: str = "nights") -> None:
    with database.transaction() as tx:
        save_ladder(tx, measure, STEPS, yearly=yearly, gives=gives, by=BY, at=AT)
    evaluate_all(database, AT)


def settle(database: Database, at: datetime) -> None:
    clock = Tags(database)
    while clock.step(at):
        pass


def tiers(database: Database) -> dict[str, str | None]:
    return dict(rows_of(database, "select given_name, tier from guest order by 1"))


@pytest.fixture
def guests(database: Database) -> Database:
    with database.transaction() as tx:
        enter(tx, PEOPLE, STAYS)
        move(tx, ["ann", "ben", "cleo"], AT)
    return database


def test_whoever_has_as_much_has_the_tier_and_what_was_stated_comes_back(guests: Database) -> None:
    ladder(guests)
    settle(guests, AT)
    names = [name for (name,) in rows_of(guests, "select given_name from guest order by 1")]
    assert tiers(guests) == dict(zip(names, ["Silver", "Gold", None], strict=True))
    versions = rows_of(guests, "select version from guest order by given_name")
    settle(guests, AT + timedelta(hours=1))
    assert rows_of(guests, "select version from guest order by given_name") == versions, "nothing is done twice"
    run(guests, AT + timedelta(days=330))  # 365 days after Ben left, not yet after Ann did
    settle(guests, AT + timedelta(days=330))
    assert tiers(guests) == dict(zip(names, ["Silver", "Basic", None], strict=True))
    told = [(what, details["tier"]) for what, details in rows_of(guests, "select what, details from guest_edit")]
    assert sorted(told) == [
        ("guest.tier_by_rule", "Gold"), ("guest.tier_by_rule", "Silver"), ("guest.tier_rule_left", "Gold"),
    ]  # fmt: skip


def test_what_a_programme_tells_stands_before_it(guests: Database) -> None:
    with guests.transaction() as tx:
        told = Loyalty(make_id("guest", "ben"), "Club", None, "Platinum", None, AT)
        save(tx, told, "test", AT)
    ladder(guests)
    settle(guests, AT)
    assert "Gold" not in tiers(guests).values()


def test_a_ladder_that_is_turned_off_takes_its_tiers_back(guests: Database) -> None:
    ladder(guests)
    settle(guests, AT)
    ladder(guests, gives=False)
    settle(guests, AT + timedelta(minutes=1))
    assert sorted(map(str, tiers(guests).values())) == ["Basic", "None", "None"]


@pytest.mark.parametrize("yearly", [True, False])
@pytest.mark.parametrize("measure", ["nights", "stays", "spend", "points"])
def test_what_is_missing_is_the_same_in_sql_and_in_python(guests: Database, measure: str, yearly: bool) -> None:
    ladder(guests, measure=measure, yearly=yearly, gives=False)
    documents: list[dict[str, Any]] = [
        {"fact": "to_next_tier", "op": op, "value": value}
        for op, value in (("at_most", 2), ("at_least", 2), ("is", 5), ("known", True), ("at_least", 100))
    ]
    with guests.transaction() as tx:
        for number, document in enumerate(documents):
            save_segment(tx, f"s{number}", f"s{number}", document, AT)
    evaluate_all(guests, AT)
    window = 365 if yearly and measure != "points" else None
    kept = Ladder(measure, window, tuple(needed for _, needed in STEPS))
    for person in PEOPLE:
        stays = [stay for stay in STAYS if stay.guest == person.name]
        query = f"""
            select key from membership join segment on number = any(segments)
            where guest_id = '{person.id}' and key like 's_' order by key
        """
        expected = [
            f"s{number}"
            for number, document in enumerate(documents)
            if holds(parse(document), view(person, stays), AT.date(), {}, None, kept)
        ]
        assert [key for (key,) in rows_of(guests, query)] == expected


def test_a_change_of_the_ladder_moves_whoever_is_asked_about(guests: Database) -> None:
    ladder(guests, gives=False)
    with guests.transaction() as tx:
        save_segment(tx, "near", "Near", {"fact": "to_next_tier", "op": "at_most", "value": 2}, AT)
    evaluate_all(guests, AT)
    count = "select members from segment_size join segment using (number) where key = 'near'"
    assert rows_of(guests, count) == [(2,)]  # Ann lacks 2 until gold, Cleo 2 until silver
    with guests.transaction() as tx:
        save_ladder(tx, "nights", [("Silver", Decimal(50))], yearly=True, gives=False, by=BY, at=AT)
    evaluate_all(guests, AT)
    assert rows_of(guests, count) == [(0,)]


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(guests: Database) -> None:
    marta = browser(SERVICE.build_web, Config(), guests, MARTA, at=AT)
    assert "The ladder" in words(marta.get(PAGE))
    for tier, needed, says in (
        ([], [], "Name at least one tier"),
        (["Gold", "gold"], ["1", "2"], "a name of its own"),
        (["Gold", "Silver"], ["2", "2"], "another amount"),
        (["Gold"], ["many"], "is a number"),
        (["Gold"], ["nan"], "is a number"),
    ):
        answer = marta.post(PAGE, {"measure": "nights", "tier": tier, "needed": needed})
        assert answer.status_code == 422 and says in words(answer)
        assert all(f'value="{one}"' in answer.get_data(as_text=True) for one in tier)
    asked = {"measure": "nights", "yearly": "on", "gives": "on", "tier": ["金卡"], "needed": ["4"]}
    saved = words(marta.post(PAGE, asked))
    assert "Saved." in saved and "金卡 4" in saved
    assert "等级" in words(marta.get(PAGE, headers={"Accept-Language": "zh-CN"}))
    assert browser(SERVICE.build_web, Config(), guests, WEI, at=AT).get(PAGE).status_code in (200, 403)
