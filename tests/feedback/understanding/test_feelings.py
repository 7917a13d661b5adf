"""How texts feel, what they speak of and whether they complain: own sentences, and real ones beside the project."""

from __future__ import annotations

import ast
import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.feedback.understanding import understand

DATA = Path(__file__).parents[3].parent / "shared" / "data"
CATEGORIES = {"location": "location", "service": "staff", "food_drinks": "food", "rooms": "room"}
"""Theirs → ours; what is said of a price or of cleanliness is that, whatever it belongs to."""
MEASURED = {*CATEGORIES.values(), "price", "cleanliness"}


@pytest.mark.parametrize(
    ("text", "sentiment", "topics"),
    [
        ("The staff were friendly and the room was spotless", "positive", {"staff", "room", "cleanliness"}),
        ("Breakfast was cold and the wifi did not work", "negative", {"food", "wifi"}),
        ("The bed was not comfortable", "negative", {"bed"}),
        ("No problems at all", "positive", set()),
        ("We arrive at six", "neutral", set()),
        ("房间很干净，服务员很热情", "positive", {"room", "cleanliness", "staff"}),
        ("隔音很差，晚上睡不着", "negative", {"noise"}),
        ("早餐不好吃", "negative", {"food"}),
        ("價格便宜，位置方便", "positive", {"price", "location"}),
    ],
)
def test_a_text_feels_and_speaks_of_something(text: str, sentiment: str, topics: set[str]) -> None:
    read = understand(text)
    assert (read.sentiment, {topic.name for topic in read.topics}) == (sentiment, topics), read
    for topic in read.topics:
        assert topic.words


@pytest.mark.parametrize(
    "text", ["The shower is leaking and nobody helps, this is unacceptable", "房间里有蟑螂，太恶心了，我要投诉"]
)
def test_a_complaint_is_one_and_names_its_words(text: str) -> None:
    read = understand(text)
    assert read.case == "complaint"
    assert read.because["complains"]


@pytest.mark.parametrize(
    "text", ["Lovely staff and a great view, but the shower was broken", "服务员很热情，早餐很好吃，但是房间有臭味"]
)
def test_praise_mends_no_broken_shower(text: str) -> None:
    assert understand(text).case == "complaint"


def test_what_is_urgent_is_said_to_be() -> None:
    assert understand("Please call an ambulance, my husband fell down and is bleeding, this is terrible").urgent
    assert not understand("The breakfast was cold and bad").urgent


def test_what_calls_somebody_is_said_to_be_urgent_in_every_language_of_the_list() -> None:
    found = understand("Hilfe, es brennt")
    assert (found.urgent, found.case, found.because["urgent"]) == (True, "follow_up", ("es brennt",))


def test_a_good_score_is_no_complaint() -> None:
    assert understand("9 but the street was noisy", survey_open=True).case == "none"
    low = understand("2, the room was filthy", survey_open=True)
    assert low.is_complaint and low.case == "follow_up", "one case, by the score"
    assert understand("2", survey_open=True).case == "follow_up"


@pytest.mark.data
@pytest.mark.parametrize("language", ["en", "zh"])
def test_topics_and_complaints_of_real_sentences(language: str) -> None:
    found = wanted = right = 0
    complaints = [0, 0, 0]  # rightly, wrongly, missed
    for text, aspects in _aspects(language):
        read = understand(text)
        topics = {topic.name for topic in read.topics} & MEASURED
        theirs = {_topic(category) for _, category, _ in aspects} - {None}
        found, wanted, right = found + len(topics), wanted + len(theirs), right + len(topics & theirs)
        complains, is_one = read.case == "complaint", any(feeling == "negative" for *_, feeling in aspects)
        for place, counts in enumerate((complains and is_one, complains and not is_one, is_one and not complains)):
            complaints[place] += counts
    rightly, wrongly, missed = complaints
    assert 2 * right / (found + wanted) >= 0.70
    assert 2 * rightly / (2 * rightly + wrongly + missed) >= 0.60


@pytest.mark.data
@pytest.mark.proof
def test_the_polarity_of_real_chinese_reviews() -> None:
    right = every = 0
    for review, is_praise in _reviews():
        every += 1
        right += understand(review).sentiment == ("positive" if is_praise else "negative")
    assert right / every >= 0.86


def _topic(category: str) -> str | None:
    entity, _, attribute = category.partition(" ")
    if attribute == "prices":
        return "price"
    return "cleanliness" if attribute == "cleanliness" else CATEGORIES.get(entity)


def _aspects(language: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Sentences that somebody found something to say of; the others are not labelled."""
    for line in _open(f"hotel_aspects_{language}_dev.txt.gz"):
        text, _, aspects = line.rstrip("\n").partition("####")
        if found := ast.literal_eval(aspects):
            yield text, found


@pytest.mark.parametrize("text", ["Don't stop being awesome!", "We can't stop smiling", "Do not change a thing"])
def test_praise_that_begins_with_no_is_praise(text: str) -> None:
    read = understand(text)
    assert read.sentiment == "positive" and read.case == "none"


def _reviews() -> Iterator[tuple[str, bool]]:
    for row in csv.DictReader(_open("reviews_zh.csv.gz")):
        yield row["review"], row["label"] == "1"


def _open(name: str) -> Iterator[str]:
    if not (DATA / name).exists():
        pytest.skip(f"the real texts are not at {DATA}")
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        yield from file
