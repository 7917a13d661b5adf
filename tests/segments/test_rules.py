"""The rule language: what is refused, and where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.segments.facts import FACTS
from services.segments.facts.fact import Index, Turn
from services.segments.facts.families.birthdays import next_birthday
from services.segments.facts.where import Where
from services.segments.rules.language.borders import Border, borders_of
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import All, Leaf, Not, Op
from services.segments.rules.rfm import Cuts
from services.segments.shipped import shipped_segments
from shared.errors import InputError
from tests.segments.rule_strategies import rules

GOLD = {"fact": "tier", "op": "is", "value": "gold"}


def test_a_rule_is_read_as_a_tree() -> None:
    document = {
        "all": [
            {"not": {"fact": "stays", "where": {"window_days": 365, "property": "LIS"}, "op": "at_least", "value": 2}},
            {"fact": "spend", "op": "more_than", "value": 99.5},
        ]
    }
    assert parse(document) == All(
        (
            Not(Leaf("stays", Op.AT_LEAST, 2, Where(window_days=365, property=("LIS",)))),
            Leaf("spend", Op.MORE_THAN, Decimal("99.5")),
        )
    )


@pytest.mark.parametrize(
    ("document", "pointer", "problem"),
    [
        (None, "", "an object expected"),
        ([GOLD], "", "an object expected"),
        ({}, "", "one of all, any, not"),
        ({"all": [GOLD], "any": [GOLD]}, "", "one of all, any, not"),
        ({"none": [GOLD]}, "", "one of all, any, not"),
        ({"all": []}, "/all", "at least one rule"),
        ({"any": GOLD}, "/any", "a list"),
        ({"not": [GOLD]}, "/not", "an object expected"),
        ({"all": [GOLD, {"not": {"any": [{"fact": "shoe_size"}]}}]}, "/all/1/not/any/0/fact", "no such fact"),
        ({"fact": ["tier"]}, "/fact", "no such fact"),
        ({**GOLD, "a/b~c": 1}, "/a~1b~0c", "unknown"),
        ({**GOLD, "op": "at_least"}, "/op", "one of is, is_not"),
        ({**GOLD, "op": None}, "/op", "one of is, is_not"),
        ({"fact": "tier", "op": "is"}, "/value", "missing"),
        ({**GOLD, "value": 7}, "/value", "a text expected"),
        ({**GOLD, "value": ""}, "/value", "1 to 200 characters"),
        ({**GOLD, "value": "\x00"}, "/value", "1 to 200 characters"),
        ({**GOLD, "value": "\ud800"}, "/value", "1 to 200 characters"),
        ({**GOLD, "op": "in", "value": "gold"}, "/value", "a list"),
        ({**GOLD, "op": "in", "value": ["gold", 3]}, "/value/1", "a text expected"),
        ({**GOLD, "op": "known", "value": False}, "/value", "true expected"),
        ({"fact": "age", "op": "at_least", "value": True}, "/value", "a whole number expected"),
        ({"fact": "age", "op": "at_least", "value": 17.5}, "/value", "a whole number expected"),
        ({"fact": "last_checkout", "op": "at_least", "value": 10**7}, "/value", "between"),
        ({"fact": "spend", "op": "at_least", "value": float("nan")}, "/value", "a number expected"),
        ({"fact": "spend", "op": "at_least", "value": 10**10}, "/value", "between"),
        ({"fact": "birthday_in", "op": "between", "value": [7, 0]}, "/value", "the lower one first"),
        ({"fact": "birthday_in", "op": "between", "value": [7]}, "/value", "two values"),
        ({"fact": "birthday_in", "op": "between", "value": [1, 2, 3]}, "/value", "two values"),
        ({"fact": "in_house", "op": "is", "value": 1}, "/value", "true or false expected"),
        ({"fact": "consent", "op": "is", "value": "express"}, "/where/channel", "missing"),
        ({"fact": "reachable", "where": {"channel": "fax"}, "op": "is", "value": True}, "/where/channel", "email, sms"),
        ({**GOLD, "where": {"property": "LIS"}}, "/where/property", "only by nothing"),
        ({**GOLD, "where": []}, "/where", "an object expected"),
        ({"fact": "stays", "where": {"window_days": 0}, "op": "is", "value": 0}, "/where/window_days", "between 1"),
        ({"fact": "stays", "where": {"window_days": "9"}, "op": "is", "value": 0}, "/where/window_days", "between 1"),
        ({"fact": "stays", "where": {"since": "1.2.2016"}, "op": "is", "value": 0}, "/where/since", "2016-01-31"),
        ({"fact": "stays", "where": {"property": []}, "op": "is", "value": 0}, "/where/property", "a text or a list"),
        (
            {"fact": "stays", "where": {"window_days": 9, "since": "2016-01-01"}, "op": "is", "value": 0},
            "/where/since",
            "not both",
        ),
    ],
)
def test_each_error_is_named_by_its_place(document: Any, pointer: str, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(document)
    assert problem in refused.value.problems[pointer]


def test_a_window_that_no_index_can_sweep_is_refused() -> None:
    with pytest.raises(InputError, match="no index to sweep by") as refused:
        parse({"fact": "bookings", "where": {"window_days": 30}, "op": "at_least", "value": 1})
    assert list(refused.value.problems) == ["/where/window_days"]


def test_all_errors_are_found_in_one_reading() -> None:
    with pytest.raises(InputError) as refused:
        parse({"all": [{"fact": "x"}, {**GOLD, "op": "has"}, {"not": {**GOLD, "value": 1}}]})
    assert sorted(refused.value.problems) == ["/all/0/fact", "/all/1/op", "/all/2/not/value"]


def test_a_rule_may_be_neither_too_deep_nor_too_long() -> None:
    deep: dict[str, Any] = GOLD
    for _ in range(30):
        deep = {"not": deep}
    with pytest.raises(InputError, match="nested deeper"):
        parse(deep)
    with pytest.raises(InputError, match="more than 500 conditions"):
        parse({"all": [GOLD] * 501})


@given(document=rules)
def test_what_can_be_generated_can_be_read(document: Any) -> None:
    parse(document)


values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(sorted(FACTS))
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "op", "value", "where", "x"]), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(document=values)
def test_whatever_comes_is_read_or_refused(document: Any) -> None:
    try:
        parse(document)
    except InputError as refused:
        assert refused.problems


def test_every_fact_that_time_moves_can_be_swept() -> None:
    for fact in FACTS.values():
        if fact.turn is not None and fact.turn is not Turn.EXPIRY:
            assert fact.index is not None or fact.channel_index is not None, fact.name


@pytest.mark.parametrize(
    ("leaf", "shifts"),
    [
        ({"fact": "birthday_in", "op": "between", "value": [0, 7]}, {7, -1}),
        ({"fact": "birthday_in", "op": "between", "value": [7, 7]}, {7, 6, -1}),
        ({"fact": "birthday_in", "op": "at_most", "value": 30}, {30, -1}),
        ({"fact": "last_checkout", "op": "at_least", "value": 90}, {-90}),
        ({"fact": "last_checkout", "op": "more_than", "value": 90}, {-91}),
        ({"fact": "last_checkout", "op": "at_most", "value": 90}, {-91}),
        ({"fact": "last_checkout", "op": "in", "value": [10, 20]}, {-10, -11, -20, -21}),
        ({"fact": "next_arrival", "op": "less_than", "value": 3}, {2}),
        ({"fact": "age", "op": "at_least", "value": 18}, {0}),
    ],
)
def test_a_leaf_yields_the_values_on_its_border(leaf: dict[str, Any], shifts: set[int]) -> None:
    assert {border.shift for border in borders_of(parse(leaf))} == shifts


def test_a_window_over_stays_concerns_only_guests_with_enough_of_them() -> None:
    where = {"window_days": 365}
    assert borders_of(parse({"fact": "stays", "where": where, "op": "at_least", "value": 4})) == {
        Border(Index.STAY_CHECKED_OUT, -365, "stays", 4)
    }
    assert borders_of(parse({"fact": "spend", "where": where, "op": "at_least", "value": 4})) == {
        Border(Index.STAY_CHECKED_OUT, -365, "spend", 0)
    }


def test_29_february_falls_on_28_february_in_common_years() -> None:

    born = date(1980, 2, 29)
    assert next_birthday(born, date(2015, 2, 28)) == date(2015, 2, 28)
    assert next_birthday(born, date(2015, 3, 1)) == date(2016, 2, 29)
    assert next_birthday(born, date(2016, 2, 28)) == date(2016, 2, 29)
    assert next_birthday(born, date(2099, 12, 31)) == date(2100, 2, 28)


def test_the_shipped_segments_can_be_read() -> None:
    shipped = {one.key: one for one in shipped_segments()}
    assert len(shipped) == 19
    private = {key for key, one in shipped.items() if one.private}
    assert private == {"birthday-in-7-days", "lapsed-3-months-regular", "members-close-to-a-tier"}
    for one in shipped.values():
        parse(one.rule)


def test_the_cuts_of_the_rfm_classes_can_be_edited() -> None:
    cuts = Cuts(recent_days=30, frequent_stays=2, window_days=100, spend_share=1.5)
    rule = {one.key: one.rule for one in shipped_segments(cuts)}["rfm-hlh"]
    assert rule["all"] == [
        {"fact": "stays", "op": "at_least", "value": 1},
        {"fact": "last_checkout", "op": "at_most", "value": 30},
        {"not": {"fact": "stays", "where": {"window_days": 100}, "op": "at_least", "value": 2}},
        {"fact": "spend_against_average", "op": "at_least", "value": 1.5},
    ]
