"""Others are told what the words of an answer speak of, anew where that changes, and never what is said elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.feedback.commands.correct_score import correct_score
from services.feedback.commands.heard.correcting import correct_text
from services.feedback.queries.present_state import all_understood
from shared.ids import make_id
from tests.feedback.cast import Feedback
from tests.feedback.test_heard import AT, answered, feedback, replied

__all__ = ["feedback"]


def told(feedback: Feedback) -> list[dict[str, Any]]:
    return feedback.published("answer.understood.v1")


def test_the_topics_of_an_answer_are_told_with_each_change_and_a_greater_version(feedback: Feedback) -> None:
    answer = answered(feedback, "The room was dirty")
    replied(feedback, "The wifi did not work")
    with feedback.tx() as tx:
        correct_text(tx, answer, {"": "neutral", "noise": "negative"}, by="Dina", at=AT)
    assert [one["topics"] for one in told(feedback)] == [
        {"room": "negative", "cleanliness": "negative"},
        {"noise": "negative"},
    ]
    assert {one["answer_id"] for one in told(feedback)} == {str(answer)}
    (heard,) = feedback.published("survey.answered.v1")
    own = ("score", "stay_id", "answered_at")
    assert all([one[name] for name in own] == [heard[name] for name in own] for one in told(feedback))
    first, second = (one["version"] for one in told(feedback))
    assert first < second


def test_words_that_are_taken_back_speak_of_nothing_and_those_that_come_again_count(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    with feedback.tx() as tx:
        correct_score(tx, make_id("message", "one"), None, by="Dina", at=AT + timedelta(hours=1))
    answered(feedback, "The breakfast was delicious", at=AT + timedelta(hours=2))
    assert [one["topics"] for one in told(feedback)][1:] == [{}, {"food": "positive"}]
    versions = [one["version"] for one in told(feedback)]
    assert versions == sorted(set(versions))


def test_an_answer_without_words_tells_nothing(feedback: Feedback) -> None:
    answered(feedback, None)
    assert told(feedback) == []


def test_all_of_them_can_be_told_again_as_they_stand(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    with feedback.database.transaction() as tx:
        again = all_understood(tx, None, 10)
    assert again["topics"] == [{"room": "negative", "cleanliness": "negative"}]
    assert again["version"] == [told(feedback)[0]["version"]]
    assert again["score"] == [told(feedback)[0]["score"]] and again["answered_at"] == again["understood_at"]
