"""A segment whose rule names another: evaluated together, moved by time together, and never in a circle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import NamedInSegments, retire_segment, save_segment, use_segment
from services.segments.config import Config
from services.segments.facts.fact import Values
from services.segments.pages.segments.sentence import sentence
from services.segments.rules.evaluate_python import holds
from services.segments.rules.language.nested import expanded
from services.segments.rules.language.parse import parse
from services.segments.service import SERVICE
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.segments import live_rules
from shared.database.pool import Database, Tx
from shared.errors import InputError
from shared.ids import make_id
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move, said
from tests.segments.test_evaluate_twice import view
from tests.segments.test_rule_words import reader
from tests.segments.test_sweep import at, instants, run
from tests.web import browser, words

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
GOLD = {"fact": "tier", "op": "is", "value": "gold"}
SILVER = {"fact": "tier", "op": "is", "value": "silver"}
STAYED = {"fact": "stays", "op": "at_least", "value": 1}
RECENT = {"fact": "last_checkout", "op": "at_most", "value": 30}


def within(*keys: str, op: str = "") -> dict[str, Any]:
    return {
        "fact": "in_segment",
        "op": op or ("is" if len(keys) == 1 else "in"),
        "value": list(keys) if keys[1:] else keys[0],
    }


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", GOLD, AT)
        save_segment(tx, "recent", "Recent guests", RECENT, AT)
    return database


def refused(tx: Tx, key: str, rule: Any) -> dict[str, str]:
    with pytest.raises(InputError) as error:
        save_segment(tx, key, key, rule, AT)
    return {at: getattr(problem, "code", "") for at, problem in error.value.problems.items()}


def test_the_inner_rule_moves_a_guest_of_the_outer_in_the_same_evaluation(database: Database) -> None:
    with database.transaction() as tx:
        # «a-outer» is saved before the segment between, under a smaller number than it when it is given its rule anew
        save_segment(tx, "a-outer", "Outer", STAYED, AT)
        save_segment(tx, "between", "Between", {"all": [within("gold", "recent"), STAYED]}, AT)
        save_segment(tx, "a-outer", "Outer", {"not": {"not": within("between")}}, AT)
        save_segment(tx, "outside", "Outside", within("between", op="is_not"), AT)
        for key in ("a-outer", "outside"):
            use_segment(tx, key, AT)
        enter(tx, [Person("ana")], [Stayed("ana", "R1", date(2015, 1, 1))])
        move(tx, ["ana"], AT)
        enter(tx, [Person("ana", tier="gold")])
        move(tx, ["ana"], AT)
        found = [(one["segment"], one["entered"]) for one in said(tx)]
        assert members_of(tx, "between") == members_of(tx, "a-outer") == [make_id("guest", "ana")]
    assert found == [("outside", True), ("a-outer", True), ("outside", False)]


def test_both_evaluators_read_a_nested_rule_alike(database: Database) -> None:
    people = [Person("ana", tier="gold"), Person("bea", tier="silver"), Person("cia")]
    with database.transaction() as tx:
        save_segment(tx, "outer", "Outer", {"any": [within("gold"), within("recent", "gold", op="not_in")]}, AT)
        enter(tx, people, [Stayed("cia", "R1", date(2016, 4, 20))])
        move(tx, [one.name for one in people], AT)
        rules = live_rules(tx)
        inside = members_of(tx, "outer")
    stays = {"cia": [Stayed("cia", "R1", date(2016, 4, 20))]}
    rule = expanded(rules["outer"], rules)
    expected = [one.id for one in people if holds(rule, view(one, stays.get(one.name, [])), AT.date(), {})]
    assert sorted(expected) == inside == sorted(make_id("guest", name) for name in ("ana", "bea"))


def test_time_moves_the_outer_segment_across_a_border_of_the_inner(database: Database) -> None:
    start = at("2016-05-01", hour=12)
    with database.transaction() as tx:
        save_segment(tx, "outer", "Outer", {"all": [within("recent"), STAYED]}, start)
        use_segment(tx, "outer", start)
        enter(tx, [Person("ana")], [Stayed("ana", "R1", date(2016, 4, 28), nights=2)])
        move(tx, ["ana"], start)
    run(database, start + timedelta(days=60))
    with database.transaction() as tx:
        assert instants(said(tx)) == [(True, start), (False, at("2016-05-31"))]


def test_an_edit_of_the_inner_rule_counts_the_outer_anew_as_initial(database: Database) -> None:
    with database.transaction() as tx:
        save_segment(tx, "outer", "Outer", within("gold"), AT)
        save_segment(tx, "outermost", "Outermost", within("outer"), AT)
        use_segment(tx, "outermost", AT)
        enter(tx, [Person("ana", tier="gold"), Person("bea", tier="silver")])
        move(tx, ["ana", "bea"], AT)
        save_segment(tx, "gold", "Gold guests", SILVER, AT)
    evaluate_all(database, AT)
    with database.transaction() as tx:
        assert members_of(tx, "outermost") == [make_id("guest", "bea")]
        changes = {(one["guest_id"], one["entered"], one["initial"]) for one in said(tx)}
    ana, bea = (str(make_id("guest", name)) for name in ("ana", "bea"))
    assert changes == {(ana, True, False), (ana, False, True), (bea, True, True)}


def test_a_segment_that_others_name_is_not_retired(database: Database) -> None:
    with database.transaction() as tx:
        save_segment(tx, "outer", "Outer", within("gold"), AT)
        with pytest.raises(NamedInSegments):
            retire_segment(tx, "gold", AT)
        retire_segment(tx, "outer", AT)
        retire_segment(tx, "gold", AT)
        assert refused(tx, "outer", within("gold")) == {"/value": "unknown_segment"}


def test_circles_and_unknown_segments_are_refused_where_they_stand(database: Database) -> None:
    with database.transaction() as tx:
        assert refused(tx, "gold", {"all": [GOLD, within("gold")]}) == {"/all/1/value": "segment_cycle"}
        save_segment(tx, "one", "One", within("gold"), AT)
        save_segment(tx, "two", "Two", {"any": [within("one"), SILVER]}, AT)
        several = {"not": {"any": [SILVER, within("recent", "two", "nobody")]}}
        assert refused(tx, "gold", several) == {
            "/not/any/1/value/1": "segment_cycle",
            "/not/any/1/value/2": "unknown_segment",
        }
        assert live_rules(tx)["gold"] == parse(GOLD)


def test_nesting_has_an_end_also_for_those_who_name_an_edited_segment(database: Database) -> None:
    many = {"any": [{"fact": "tier", "op": "is", "value": f"tier {place}"} for place in range(300)]}
    with database.transaction() as tx:
        save_segment(tx, "twice", "Twice", {"all": [within("gold"), within("gold")]}, AT)
        assert refused(tx, "gold", many) == {"": "too_many_conditions"}
        for level in range(1, 6):
            save_segment(tx, f"level-{level}", "Level", within(f"level-{level - 1}" if level > 1 else "gold"), AT)
        assert refused(tx, "level-6", within("level-5")) == {"": "too_deep"}


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        (within("gold"), "Guests who are in the segment «Gold guests»", "属于客群“金卡宾客”的宾客"),
        (
            {"not": within("gold", "recent")},
            "Guests who are not in the segment «Gold guests» or «recent»",
            "不属于客群“金卡宾客”或“recent”的宾客",
        ),
    ],
)
def test_it_reads_with_the_segments_name(rule: Any, english: str, chinese: str) -> None:
    with reader("en"):
        assert sentence(parse(rule), {Values.SEGMENTS: {"gold": "Gold guests"}}) == english
    with reader("zh-CN"):
        assert sentence(parse(rule), {Values.SEGMENTS: {"gold": "金卡宾客"}}) == chinese


def test_the_form_offers_segments_by_name_and_says_what_is_wrong_in_words(database: Database) -> None:
    with database.transaction() as tx:
        enter(tx, [Person("ana", tier="gold"), Person("bea", tier="silver")])
        move(tx, ["ana", "bea"], NOW)
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    marta.get("/segments/segments/new")
    form = {"name": "Inner circle", "r:group": "all", "r.0:fact": "in_segment", "r.0:op": "is", "r.0:value": "gold"}
    drawn = marta.post("/segments/segments/draft", form)
    assert '<option value="recent">Recent guests</option>' in drawn.get_data(as_text=True)
    assert "1 of 2 guests" in words(drawn) and "who are in the segment «Gold guests»" in words(drawn)
    assert "Saved" in words(marta.post("/segments/segments", form))
    assert "Guests who are in the segment «Gold guests»" in words(marta.get("/segments/segments"))
    held = marta.post("/segments/segments/gold/retirement")
    assert "Other segments name this one in their rules; change them first: Inner circle" in words(held)
    circle = marta.post("/segments/segments/gold", {**form, "version": "1", "r.0:value": "inner-circle"})
    assert circle.status_code == 422 and "inside itself, by way of «Inner circle»" in words(circle)
    gone = marta.post("/segments/segments", {**form, "r.0:value": "nobody"})
    assert gone.status_code == 422 and "Choose a segment that still exists" in words(gone)
