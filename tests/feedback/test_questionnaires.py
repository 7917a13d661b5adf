"""What a survey asks, as a rule: what may be published, which questions a guest sees, and on which page."""

from __future__ import annotations

from typing import Any

import pytest

from services.feedback.rules.asking.questionnaire_document import problems_of, read_document, written
from services.feedback.rules.asking.questionnaire_edits import added, moved, options_of, removed
from services.feedback.rules.asking.questionnaires import AS_SHIPPED, QuestionKind, Value
from tests.feedback.questionnaires import LONG, NPS, options, question, questionnaire, when

COLOUR = question("colour", "choice", options=options("Red", "Blue"))


def test_what_is_shipped_and_what_is_written_come_back_from_json_as_they_were() -> None:
    for one in (AS_SHIPPED, LONG):
        assert read_document(written(one)) == one and problems_of(one) == {}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ([question("csat")], {"questions": "one_nps"}),
        ([NPS, question("nps_2", "nps", required=True)], {"questions": "one_nps"}),
        ([NPS, *(question(f"stars_{n}", "stars") for n in range(20))], {"questions": "too_many"}),
        ([question("nps")], {"nps.required": "nps_required"}),
        ([question("stars"), {**NPS, "when": when("stars", "at_most", 2)}], {"nps.when": "nps_always"}),
        ([NPS, question("csat", texts={"de": "Und?"})], {"csat.text": "empty"}),
        ([NPS, question("text", texts={"de": "Und?"})], {"text.text": "empty"}),
        ([NPS, question("csat", texts={"en": "x" * 301})], {"csat.text": "too_long"}),
        ([NPS, question("choice", options=options("Red"))], {"choice.options": "options"}),
        ([NPS, question("departments")], {"departments.departments": "empty"}),
        ([NPS, question("csat", when=when("stars", "at_most", 2)), question("stars")], {"csat.when": "earlier"}),
        ([NPS, question("csat", when=when("csat", "at_most", 2))], {"csat.when": "earlier"}),
        ([NPS, question("text"), question("csat", when=when("text", "at_most", 2))], {"csat.when": "earlier"}),
        ([NPS, question("csat", when=when("nps", "at_most", 11))], {"csat.when": "number"}),
        ([NPS, COLOUR, question("csat", when=when("colour", "one_of", 0, "Green"))], {"csat.when": "which"}),
        ([NPS, COLOUR, question("csat", when=when("colour", "one_of"))], {"csat.when": "which"}),
    ],
)
def test_what_cannot_be_published_names_its_place(asked: list[dict[str, Any]], problem: dict[str, str]) -> None:
    assert problems_of(questionnaire(*asked)) == problem


BRANCHED = questionnaire(
    NPS,
    question("low", "choice", options=options("Noise", "Bed"), when=when("nps", "at_most", 6)),
    question("noise", "stars", when=when("low", "one_of", 0, "Noise")),
    question("high", "text", when=when("nps", "at_least", 9)),
)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, ["nps"]),
        ({"nps": 6}, ["nps", "low"]),
        ({"nps": 7}, ["nps"]),
        ({"nps": 9}, ["nps", "high"]),
        ({"nps": 3, "low": "Noise"}, ["nps", "low", "noise"]),
        ({"nps": 3, "low": "Bed"}, ["nps", "low"]),
        ({"nps": 9, "low": "Noise"}, ["nps", "high"]),  # what hangs on a question that is not shown is not shown
    ],
)
def test_a_question_is_shown_by_the_answers_before_it(given: dict[str, Any], seen: list[str]) -> None:
    values = {name: Value(number=one) if isinstance(one, int) else Value(choices=(one,)) for name, one in given.items()}
    assert [one.code for one in BRANCHED.shown(values)] == seen


def test_no_question_stands_on_the_page_of_one_it_hangs_on_and_no_page_is_long() -> None:
    assert [[one.code for one in page] for page in BRANCHED.pages()] == [["nps"], ["low"], ["noise", "high"]]
    assert [len(page) for page in LONG.pages()] == [1, 3, 3]


def test_the_button_says_send_only_where_nothing_can_follow() -> None:
    assert not BRANCHED.may_end_on(0, {})
    assert not BRANCHED.may_end_on(1, {"nps": Value(number=3)})
    assert BRANCHED.may_end_on(2, {"nps": Value(number=9)})
    assert [LONG.may_end_on(place, {}) for place in range(3)] == [False, False, True]
    assert BRANCHED.page_after(0, {"nps": Value(number=8)}) is None
    assert BRANCHED.page_after(0, {"nps": Value(number=9)}) == 2


def test_a_chain_of_conditions_from_this_page_keeps_the_survey_open() -> None:
    chain = questionnaire(
        NPS,
        question("a", "stars", when=when("nps", "at_most", 6)),
        question("b", "stars", when=when("a", "at_most", 2)),
    )
    assert not chain.may_end_on(0, {"nps": Value(number=9)})


def test_questions_are_added_moved_and_removed_with_what_hangs_on_them() -> None:
    more, code = added(BRANCHED, QuestionKind.CHOICE, [])
    assert code == "choice" and more.questions[-1].kind is QuestionKind.CHOICE
    assert added(more, QuestionKind.CHOICE, [])[1] == "choice_2"
    assert [one.code for one in moved(BRANCHED, "low", -1).questions] == ["low", "nps", "noise", "high"]
    assert moved(BRANCHED, "nps", -1) == BRANCHED == moved(BRANCHED, "nothing", 1)
    rest = removed(BRANCHED, "low")
    assert [(one.code, one.when) for one in rest.questions][1] == ("noise", None)
    ratings, _ = added(BRANCHED, QuestionKind.DEPARTMENTS, ["food"])
    assert ratings.questions[-1].departments == ("food",)


def test_options_are_read_line_by_line_in_each_language() -> None:
    found = options_of({"en": ["Red", "", "Blue", "Red"], "zh-Hans": ["红", "", "蓝"]}, "en")
    assert [(one.code, one.texts) for one in found] == [
        ("Red", {"en": "Red", "zh-Hans": "红"}),
        ("Blue", {"en": "Blue", "zh-Hans": "蓝"}),
    ]
