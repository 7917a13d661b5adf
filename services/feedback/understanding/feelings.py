"""How a text feels, what it speaks of and whether it complains: English and Chinese, each with the words it rests on.

A word that feels good or bad counts for its clause, turned round by a «not» before it. A topic feels like the words of
its clause. A text complains where it feels bad as a whole or about a topic: praise for the staff mends no broken
shower. What a file does not know feels like nothing, but for the words that a house has corrected (`house_words`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.feedback.understanding.house_words import NO_WORDS, TOPIC, WHOLE_TEXT, HouseWords, Taught, beside
from services.feedback.understanding.tokens import Text
from services.feedback.understanding.understood import Feeling, Topic
from services.feedback.understanding.vocabulary import Match, Vocabulary, files_in, phrase_of, words_at

FILES = Path(__file__).parent / "feelings"
REACH = 3
"""How many tokens before a word a «not» still turns it round."""
WEIGHTS = {"great": 2.0, "good": 1.0, "bad": -1.0, "mild": -0.25, "awful": -2.0, "plain": 0.0}
"""What a word of each list weighs; «plain» are words that only look as if they felt («hardware» in Chinese)."""
TURNED = {"great": -0.5, "good": -0.5, "bad": 0.5, "mild": 0.5, "awful": 0.5, "plain": 0.0}
GOOD_ENOUGH = 0.65
"""A text is positive where what is good weighs this share of what is bad: guests praise in few words."""


@dataclass(frozen=True)
class Felt:
    """`words` by what they are: good, bad, complains. `taught`: the corrections it rests on."""

    sentiment: Feeling = Feeling.NEUTRAL
    topics: tuple[Topic, ...] = ()
    complains: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taught: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class _Word:
    match: Match
    weight: float


@lru_cache(maxsize=1)
def _files() -> Mapping[str, Mapping[str, Any]]:
    return files_in(FILES)


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> Vocabulary:
    phrases = []
    for concept, written in _files()[language].items():
        named = written if isinstance(written, dict) else {concept: written}
        prefix = TOPIC if isinstance(written, dict) else ""
        for name, words in named.items():
            phrases += [phrase_of(language, f"{prefix}{name}", word) for word in words]
    return Vocabulary(phrases)


def speaks(language: str | None) -> bool:
    return language in _files()


def feel(text: Text, language: str | None, house: HouseWords = NO_WORDS) -> Felt:
    if whole := house.whole(text):
        return _as_corrected(whole)
    of_house = house.phrases(text)
    listed = _vocabulary(language).matches(text) if language and speaks(language) else []
    felt = _felt(text, beside(of_house, listed) if of_house else listed)
    lessons = (lesson for _, one in of_house for lesson in one.lessons)
    return replace(felt, taught=tuple(dict.fromkeys(lessons)))


def _as_corrected(whole: Taught) -> Felt:
    """As the same words were corrected."""
    topics = tuple(Topic(topic, Feeling(feeling), ()) for topic, feeling in sorted(whole.feelings.items()) if topic)
    return Felt(
        sentiment=Feeling(whole.feelings[WHOLE_TEXT]),
        topics=topics,
        complains=Feeling.NEGATIVE in whole.feelings.values(),
        taught=whole.lessons,
    )


def _felt(text: Text, matches: Sequence[Match]) -> Felt:
    turns = [match for match in matches if match.concept == "no"]
    weighed = list(_weighed(text, matches, turns))
    good = sum(word.weight for word in weighed if word.weight > 0)
    bad = -sum(word.weight for word in weighed if word.weight < 0)
    named = {
        "good": [word.match for word in weighed if word.weight > 0],
        "bad": [word.match for word in weighed if word.weight < 0],
        "complains": [
            match for match in matches if match.concept == "complains" and not _is_turned(text, match, turns)
        ],
    }
    sentiment = _feeling(good, bad)
    topics = tuple(_topics(text, matches, weighed))
    return Felt(
        sentiment=sentiment,
        topics=topics,
        complains=sentiment is Feeling.NEGATIVE
        or (bool(named["complains"]) and bad >= good)
        or any(topic.feeling is Feeling.NEGATIVE for topic in topics),
        words={what: words_at(text, found) for what, found in named.items() if found},
    )


def _weighed(text: Text, matches: Sequence[Match], turns: Sequence[Match]) -> Iterator[_Word]:
    """The words that feel, the longest at each place, each with its sign and weight."""
    taken: set[int] = set()
    felt = [match for match in matches if match.concept in WEIGHTS]
    chosen: list[Match] = []
    for match in sorted(felt, key=lambda one: (-one.length, one.first)):
        places = set(range(match.first, match.last + 1))
        if not places & taken:
            taken |= places
            chosen.append(match)
    for match in sorted(chosen, key=lambda one: one.first):
        weight = (TURNED if _is_turned(text, match, turns) else WEIGHTS)[match.concept]
        if weight:
            yield _Word(match, weight)


def _is_turned(text: Text, match: Match, turns: Sequence[Match]) -> bool:
    clause = text.tokens[match.first].clause
    return any(
        turn.last < match.first and match.first - turn.last <= REACH and text.tokens[turn.last].clause == clause
        for turn in turns
    )


def _topics(text: Text, matches: Sequence[Match], weighed: Sequence[_Word]) -> Iterator[Topic]:
    by_name: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.concept.startswith(TOPIC):
            by_name[match.concept.removeprefix(TOPIC)].append(match)
    for name in sorted(by_name):
        clauses = {text.tokens[match.first].clause for match in by_name[name]}
        near = [word.weight for word in weighed if text.tokens[word.match.first].clause in clauses]
        good, bad = sum(each for each in near if each > 0), -sum(each for each in near if each < 0)
        yield Topic(name, _feeling(good, bad), words_at(text, by_name[name]))


def _feeling(good: float, bad: float) -> Feeling:
    if not good and not bad:
        return Feeling.NEUTRAL
    return Feeling.POSITIVE if good >= GOOD_ENOUGH * bad else Feeling.NEGATIVE
