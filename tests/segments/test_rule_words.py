"""A rule as a sentence, in each of the console's languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given

from services.segments.facts.fact import Kind, Values
from services.segments.facts.guest_view import GuestView
from services.segments.pages.segments.sentence import sentence
from services.segments.rules.evaluate_python import holds
from services.segments.rules.language.affirm import affirmed
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import All, Leaf, Not, Op, Rule
from services.segments.rules.language.tree import Any as Either
from services.segments.shipped import shipped_segments
from shared.web.app import VOCABULARY
from shared.web.i18n.languages import add_translations
from tests.segments.rule_strategies import HOUSE_DATES, TEXTS, TODAY, household, rules
from tests.segments.test_evaluate_twice import view as view_of

SEGMENTS = Path(__file__).parent.parent.parent / "services" / "segments"
HOTELS = {"LIS": "Casa do Tejo Lisboa", "ALG": "Casa do Tejo Algarve"}
app = Flask("words")
app.secret_key = "only for tests"
add_translations(app, [SEGMENTS / "translations", VOCABULARY])


@contextmanager
def reader(language: str) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": language}):
        yield


def said(rule: Any, language: str = "en") -> str:
    with reader(language):
        return sentence(parse(rule), {Values.HOTELS: HOTELS})


PORTUGUESE = {"fact": "country", "op": "is", "value": "PT"}
VIP = {"fact": "tags", "op": "has", "value": "vip"}
SPENDS_WELL = {"fact": "spend_against_average", "op": "at_least", "value": 1.5}
SHIPPED = {one.key: one.rule for one in shipped_segments()}


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        (
            SHIPPED["lapsed-3-months"],
            "Guests whose last check-out was at least 3 months (90 days) ago, and who have no future booking, "
            "and who are not in house",
            "最近一次离店距今至少 3 个月（90 天），且没有未来预订，且目前未在住的宾客",
        ),
        (
            {"fact": "birthday_in", "op": "between", "value": [7, 7]},
            "Guests whose next birthday is in exactly 7 days",
            "距下一个生日正好 7 天的宾客",
        ),
        (
            {"not": {"fact": "last_checkout", "op": "at_most", "value": 365}},
            "Guests whose last check-out was more than 1 year (365 days) ago, or who have never checked out",
            "最近一次离店距今超过 1 年（365 天），或从未离店的宾客",
        ),
        (
            {
                "all": [
                    {
                        "fact": "stays",
                        "op": "at_least",
                        "value": 3,
                        "where": {"window_days": 365, "property": ["LIS", "ALG"]},
                    },
                    {"any": [PORTUGUESE, VIP]},
                ]
            },
            "Guests who have had at least 3 stays (in the last 1 year (365 days), at Casa do Tejo Lisboa or "
            "Casa do Tejo Algarve), and (whose country is Portugal, or who have the tag vip)",
            "住过至少 3 次（最近 1 年（365 天）内，在Casa do Tejo Lisboa或Casa do Tejo Algarve），"
            "且（国家或地区是葡萄牙，或有标签vip）的宾客",
        ),
        (
            {"not": {"any": [SPENDS_WELL, SHIPPED["reachable-by-sms"]]}},
            "Guests (whose spend a stay is less than 150 % of their hotel's average, or whose spend cannot be compared "
            "with an average), and who cannot be reached by text message",
            "（每次入住消费与所住酒店平均值之比低于 150%，或消费无法与平均值比较），且无法通过短信联系的宾客",
        ),
    ],
)
def test_a_rule_reads_as_people_say_it(rule: Any, english: str, chinese: str) -> None:
    assert said(rule) == english
    assert said(rule, "zh-CN") == chinese


@given(rules)
def test_every_rule_is_said_whole_in_both_languages(rule: Any) -> None:
    english, chinese = said(rule), said(rule, "zh-CN")
    assert english.startswith("Guests ") and chinese.endswith("的宾客")
    assert "%(" not in english + chinese
    assert english.count("(") == english.count(")") and chinese.count("（") == chinese.count("）")
    own = chinese
    for text in sorted((*TEXTS, *HOTELS.values(), *HOUSE_DATES, "Groups", "WhatsApp"), key=len, reverse=True):
        own = own.replace(text, "")
    assert not re.search("[a-z]{4}", own), own


@given(rules)
def test_what_is_denied_twice_reads_as_it_did(rule: Any) -> None:
    assert said({"not": {"not": rule}}) == said(rule)


@given(rules, household(1))
def test_moving_denial_down_changes_nobody_s_membership(rule: Any, found: Any) -> None:
    guest: GuestView = view_of(*found)
    averages = {"LIS": Decimal(100)}
    tree = parse(rule)
    assert holds(affirmed(tree), guest, TODAY, averages) == holds(tree, guest, TODAY, averages)
    assert not any(isinstance(one, Not) and sayable(one) for one in walk(affirmed(tree)))


def sayable(denied: Not) -> bool:
    """Whether words exist that say it without «not»."""
    leaf = denied.rule
    return not isinstance(leaf, Leaf) or not (leaf.op in (Op.KNOWN, Op.STARTS_WITH) or leaf.entry.kind is Kind.TEXTS)


def walk(rule: Rule) -> Iterator[Rule]:
    yield rule
    if isinstance(rule, Not):
        yield from walk(rule.rule)
    elif isinstance(rule, All | Either):
        for part in rule.rules:
            yield from walk(part)


def test_a_day_is_written_in_the_readers_way() -> None:
    rule = {"fact": "nights", "op": "more_than", "value": 9, "where": {"since": date(2016, 1, 31).isoformat()}}
    assert said(rule) == "Guests who have stayed for more than 9 nights (since Jan 31, 2016)"
