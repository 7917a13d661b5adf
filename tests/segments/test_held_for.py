"""Segments whose rule asks for how long somebody has been in another: since when is kept, and time alone moves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.segments.clock import Sweep
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import NamedInSegments, retire_segment, save_segment
from services.segments.facts.fact import Values
from services.segments.pages.segments.sentence import sentence
from services.segments.queries.drafts import find_guests
from services.segments.rules.language.nested import expanded
from services.segments.rules.language.parse import parse
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.segments import live_rules
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from shared.errors import InputError
from shared.ids import make_id
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move
from tests.segments.rows import rows_of
from tests.segments.test_rule_words import reader
from tests.segments.test_sweep import run

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
GOLD = {"fact": "tier", "op": "is", "value": "gold"}


def held(days: int, op: str = "is", value: Any = "gold") -> dict[str, Any]:
    return {"fact": "in_segment", "op": op, "value": value, "where": {"for_days": days}}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", GOLD, AT)
        save_segment(tx, "old-gold", "Long gold", held(30), AT)
        save_segment(tx, "young-gold", "Not so long gold", {"all": [GOLD, {"not": held(30)}]}, AT)
    return database


def inside(database: Database, key: str) -> list[str]:
    with database.transaction() as tx:
        found = set(members_of(tx, key))
    return [name for name in ("Ann", "Ben") if make_id("guest", name) in found]


def give(database: Database, tier: str | None, at: datetime) -> None:
    with database.transaction() as tx:
        tx.execute("update guest set tier = %s where id = %s", [tier, make_id("guest", "Ben")])
        move(tx, ["Ben"], at)


def test_after_so_many_days_time_alone_brings_them_in_and_leaving_begins_anew(database: Database) -> None:
    evaluate_all(database, AT)
    with database.transaction() as tx:
        enter(tx, [Person("Ben", tier="gold")])
        move(tx, ["Ben"], AT)
    assert inside(database, "young-gold") == ["Ben"] and inside(database, "old-gold") == []
    run(database, AT + timedelta(days=29))
    assert inside(database, "old-gold") == []
    run(database, AT + timedelta(days=30))
    assert inside(database, "old-gold") == ["Ben"] and inside(database, "young-gold") == []
    give(database, None, AT + timedelta(days=31))
    assert inside(database, "old-gold") == []
    assert rows_of(database, "select since from membership_since") == []
    give(database, "gold", AT + timedelta(days=32))
    run(database, AT + timedelta(days=61))
    assert inside(database, "old-gold") == []
    run(database, AT + timedelta(days=62))
    assert inside(database, "old-gold") == ["Ben"]


def test_whoever_is_in_when_a_rule_first_asks_has_been_since_the_log_says_so(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", GOLD, AT)
        enter(tx, [Person("Ann", tier="gold"), Person("Ben")])
        move(tx, ["Ann", "Ben"], AT)
    evaluate_all(database, AT)
    give(database, "gold", AT + timedelta(days=20))
    later = AT + timedelta(days=40)
    with database.transaction() as tx:
        rule = expanded(parse(held(30)), live_rules(tx))
        tried = find_guests(tx, rule, {"Europe/Lisbon": later.date()}, EVERYWHERE)
        save_segment(tx, "old-gold", "Long gold", held(30), later)
    evaluate_all(database, later)
    assert inside(database, "old-gold") == ["Ann"]
    assert tried is not None and tried.members == 1
    run(database, AT + timedelta(days=50))
    assert inside(database, "old-gold") == ["Ann", "Ben"]


def test_a_standstill_over_both_days_misses_neither_of_them(database: Database) -> None:
    """On the day one segment lets them in, nothing says yet when the other will."""
    away = {"fact": "last_checkout", "op": "at_least", "value": 10}
    with database.transaction() as tx:
        save_segment(tx, "away", "Away", away, AT)
        save_segment(tx, "long-away", "Long away", held(5, value="away"), AT)
    evaluate_all(database, AT)
    with database.transaction() as tx:
        enter(tx, [Person("Ben")], [Stayed("Ben", "1", AT.date() - timedelta(days=7))])
        move(tx, ["Ben"], AT)
    assert inside(database, "away") == []
    clock = Sweep(database)
    while clock.step(AT + timedelta(days=20)):
        pass
    assert inside(database, "away") == ["Ben"] and inside(database, "long-away") == ["Ben"]


def test_it_is_kept_until_the_segment_is_retired_and_refused_in_a_circle(database: Database) -> None:
    with database.transaction() as tx:
        enter(tx, [Person("Ben", tier="gold")])
        move(tx, ["Ben"], AT)
        with pytest.raises(NamedInSegments):
            retire_segment(tx, "gold", AT)
        with pytest.raises(InputError) as refused:
            save_segment(tx, "gold", "Gold guests", held(5, value="old-gold"), AT)
        assert getattr(refused.value.problems["/value"], "code", "") == "segment_cycle"
        retire_segment(tx, "old-gold", AT)
        retire_segment(tx, "young-gold", AT)
        retire_segment(tx, "gold", AT)
    assert rows_of(database, "select since from membership_since") == []


def test_it_is_said_in_both_languages() -> None:
    for language, words in (("en", "(for at least 1 month (30 days))"), ("zh-CN", "至少")):
        with reader(language):
            assert words in sentence(parse(held(30)), {Values.SEGMENTS: {"gold": "Gold"}})
