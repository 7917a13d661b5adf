"""Stages of guests: as an oracle has them day by day, with every turn's day and reason; asked by rules, shown."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from services.segments.clock import Sweep
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.edit import edit_segment
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.commands.stages import count_stages
from services.segments.config import Config
from services.segments.queries.stages import sizes_of, stage_of, turns_of, turns_of_guest
from services.segments.service import SERVICE
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.segments import find
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Database
from shared.ids import make_id
from shared.localtime import local_date
from tests.cast import ANTON, MARTA
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move, said
from tests.segments.rows import add_properties
from tests.web import browser, words

BEGAN = datetime(2026, 1, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 12, tzinfo=UTC)
World = tuple[Database, dict[str, list[Stayed]]]


def stage_on(day: date, stays: list[Stayed], *, refers: bool) -> str:
    """By the shipped rules, plainly."""
    left = [one.departure for one in stays]
    away = (day - max(left)).days if left else -1
    if away >= 730:
        return "stage-lost"
    if away >= 365:
        return "stage-lapsing"
    if refers:
        return "stage-referring"
    if sum(one > day - timedelta(days=730) for one in left) >= 3:
        return "stage-loyal"
    return {0: "stage-acquired", 1: "stage-converted"}.get(len(left), "stage-retained")


@pytest.fixture
def world(make_database: MakeDatabase) -> World:
    """Guests whose stays are all over when the stages are set up: only time passes."""
    database, chance = make_database("segments"), random.Random(3)
    referring = frozenset({("friends", "referred")})
    people = [
        Person(f"Guest {n}", home_property="LIS", offers=referring if n % 9 == 0 else frozenset()) for n in range(60)
    ]
    stays: dict[str, list[Stayed]] = {person.name: [] for person in people}
    for person in people:
        for number in range(chance.choice([0, 1, 1, 2, 4])):
            out = BEGAN.date() - timedelta(days=chance.randrange(1, 900))
            stays[person.name].append(Stayed(person.name, f"{person.name} {number}", out - timedelta(days=2)))
    add_properties(database)
    with database.transaction() as tx:
        enter(tx, people, [one for theirs in stays.values() for one in theirs])
        move(tx, list(stays), BEGAN)
    marta = browser(SERVICE.build_web, Config(), database, MARTA, at=BEGAN)
    assert "The stages are not set up" in words(marta.get("/segments/lifecycle"))
    assert "The stages are set up" in words(marta.post("/segments/lifecycle"))
    evaluate_all(database, BEGAN)
    return database, stays


def refers(name: str) -> bool:
    return int(name.split()[1]) % 9 == 0


def test_every_guest_is_in_one_stage_and_turns_on_the_day_an_oracle_says(world: World) -> None:
    database, stays = world
    check_stages(database, stays, BEGAN.date())
    with database.transaction() as tx:
        assert turns_of(tx, date(2025, 1, 1), EVERYWHERE) == [], "what was so when the rules came is no turn"
    Sweep(database).step(LATER)
    check_stages(database, stays, LATER.date())
    expected = Counter[tuple[date, str, str]]()
    with database.transaction() as tx:
        count_stages(tx, LATER)
        for name, theirs in stays.items():
            found = [
                (local_date(one.at, "Europe/Lisbon"), one.before, one.stage)
                for one in turns_of_guest(tx, make_id("guest", name))
            ]
            want, day = [], BEGAN.date()
            while day < LATER.date():
                before, day = stage_on(day, theirs, refers=refers(name)), day + timedelta(days=1)
                if (now := stage_on(day, theirs, refers=refers(name))) != before:
                    want.append((day, before, now))
            assert found == want[::-1], name
            expected.update((turned.replace(day=1), before, now) for turned, before, now in want)
        counted = turns_of(tx, date(2026, 1, 1), EVERYWHERE)
        assert {(one.month, one.before, one.now): one.turns for one in counted} == dict(expected)
        assert len(expected) > 5
        here = sizes_of(tx, Scope(frozenset({"LIS"})))
        assert here == {key: count for key, count in sizes_of(tx, EVERYWHERE).items() if count}
    page = words(
        browser(SERVICE.build_web, Config(), database, MARTA, at=LATER).get("/segments/lifecycle?month=2026-06-01")
    )
    assert "Turns in June 2026" in page and "Guests whose last check-out was at least" in page
    lapsed = next(
        name
        for name, theirs in stays.items()
        if any(key == "stage-lapsing" for key in [stage_on(LATER.date(), theirs, refers=refers(name))])
        and stage_on(BEGAN.date(), theirs, refers=refers(name)) != "stage-lapsing"
    )
    story = words(
        browser(SERVICE.build_web, Config(), database, MARTA, at=LATER).get(
            f"/segments/guests/{make_id('guest', lapsed)}"
        )
    )
    assert "Lifecycle Lapsing since" in story and "So much time has passed since the last check-out." in story


def check_stages(database: Database, stays: dict[str, list[Stayed]], day: date) -> None:
    with database.transaction() as tx:
        for name, theirs in stays.items():
            assert stage_of(tx, make_id("guest", name)) == stage_on(day, theirs, refers=refers(name)), name
        assert sum(sizes_of(tx, EVERYWHERE).values()) == len(stays)


def test_a_stage_is_a_fact_and_an_entry_and_its_rule_can_be_changed(world: World) -> None:
    database, stays = world
    loyal = sorted(
        make_id("guest", name)
        for name, theirs in stays.items()
        if stage_on(BEGAN.date(), theirs, refers=refers(name)) == "stage-loyal"
    )
    with database.transaction() as tx:
        save_segment(
            tx, "dear", "Dear", {"fact": "stage", "op": "in", "value": ["stage-loyal", "stage-referring"]}, BEGAN
        )
        use_segment(tx, "stage-lapsing", BEGAN)
    evaluate_all(database, BEGAN)
    with database.transaction() as tx:
        assert members_of(tx, "stage-loyal") == loyal and set(loyal) <= set(members_of(tx, "dear"))
        known = find(tx, "stage-rule-loyal")
        assert known is not None and known.private
        one_stay = {"fact": "stays", "op": "at_least", "value": 1}
        edit_segment(tx, "stage-rule-loyal", known.name, one_stay, known.version, BEGAN)
    evaluate_all(database, BEGAN)
    with database.transaction() as tx:
        assert members_of(tx, "stage-converted") == members_of(tx, "stage-retained") == []
        assert len(members_of(tx, "stage-loyal")) > len(loyal)
    Sweep(database).step(LATER)
    with database.transaction() as tx:
        entered = [
            one for one in said(tx) if one["segment"] == "stage-lapsing" and one["entered"] and not one["initial"]
        ]
    assert entered and all(one["because"]["kind"] == "time" for one in entered)
    anton = browser(SERVICE.build_web, Config(), database, ANTON, at=LATER)
    assert "Change the rule" not in words(anton.get("/segments/lifecycle"))
    assert anton.post("/segments/lifecycle").status_code == 403
