"""Which corrections teach how the same words are read at a hotel, and what a colleague may name as the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.feedback.understanding.house_words import NOT_SPOKEN_OF, Taught
from services.feedback.understanding.tokens import Text, tokens_of
from services.feedback.understanding.vocabulary import words_of
from shared.errors import InputError

AGREEING = 2
"""How many texts in a row must have been corrected alike before their words count elsewhere: of a phrase in other
texts, of a whole text in other hotels. At its own hotel the same text is read so from the first."""
LONGEST_PHRASE, LONGEST_WHOLE = 6, 60
"""Words; a letter of a script without spaces is one."""
LETTERS_A_WORD = 2


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """`words`: folded. `feelings`: by topic, or `NOT_SPOKEN_OF`."""

    lesson_id: UUID
    text_id: UUID
    property: str | None
    words: tuple[str, ...]
    is_whole: bool
    feelings: Mapping[str, str]


def counting(lessons: Sequence[Lesson], hotel: str | None) -> list[Taught]:
    """What counts at a hotel. `lessons`: those that nobody has taken back, the newest first."""
    wholes: dict[tuple[str, ...], list[Lesson]] = defaultdict(list)
    phrases: dict[tuple[tuple[str, ...], str], list[Lesson]] = defaultdict(list)
    for one in lessons:
        if one.is_whole:
            wholes[one.words].append(one)
        else:
            for topic in one.feelings:
                phrases[one.words, topic].append(one)
    return [*_wholes(wholes, hotel), *_phrases(phrases)]


def _wholes(by_words: Mapping[tuple[str, ...], Sequence[Lesson]], hotel: str | None) -> Iterator[Taught]:
    for words, found in by_words.items():
        own = next((one for one in found if one.property == hotel), None)
        agreeing = [own] if own else _in_a_row([(one, dict(one.feelings)) for one in found])
        if own or _texts(agreeing) >= AGREEING:
            yield Taught(words=words, feelings=agreeing[0].feelings, is_whole=True, lessons=_ids(agreeing))


def _phrases(by_words: Mapping[tuple[tuple[str, ...], str], Sequence[Lesson]]) -> Iterator[Taught]:
    """One of each words, of all its topics that count."""
    feelings: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    lessons: dict[tuple[str, ...], list[Lesson]] = defaultdict(list)
    for (words, topic), found in by_words.items():
        agreeing = _in_a_row([(one, one.feelings[topic]) for one in found])
        if _texts(agreeing) >= AGREEING:
            feelings[words][topic] = agreeing[0].feelings[topic]
            lessons[words] += agreeing
    for words, meant in feelings.items():
        yield Taught(words=words, feelings=meant, is_whole=False, lessons=_ids(lessons[words]))


def _in_a_row(found: Sequence[tuple[Lesson, object]]) -> list[Lesson]:
    """The newest ones that say the same."""
    row = []
    for lesson, said in found:
        if said != found[0][1]:
            break
        row.append(lesson)
    return row


def _texts(lessons: Iterable[Lesson]) -> int:
    return len({one.text_id for one in lessons})


def _ids(lessons: Iterable[Lesson]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.lesson_id for one in lessons))


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What a correction says otherwise than what stood there."""
    gone = {topic: NOT_SPOKEN_OF for topic in before if topic not in after}
    return {topic: feeling for topic, feeling in after.items() if before.get(topic) != feeling} | gone


def whole_words(texts: Sequence[str]) -> tuple[str, ...]:
    """A text's words, where another one may well say the same; none of a long one, and of one in parts."""
    tokens = tokens_of(texts[0]).tokens if len(texts) == 1 else ()
    return tuple(token.text for token in tokens) if len(tokens) <= LONGEST_WHOLE else ()


def phrase_in(texts: Sequence[str], phrase: str) -> tuple[str, ...]:
    """The words that a colleague names. Raises `InputError` where they do not stand in the text one after the other,
    are many, or would be found anywhere."""
    words = tuple(token.text for token in tokens_of(phrase).tokens)
    if not 0 < len(words) <= LONGEST_PHRASE:
        raise InputError(problems={"words": "long"})
    if not any(_stands_in(tokens_of(text), words) for text in texts):
        raise InputError(problems={"words": "elsewhere"})
    if _is_anywhere(words):
        raise InputError(problems={"words": "common"})
    return words


def _stands_in(text: Text, words: tuple[str, ...]) -> bool:
    tokens = tuple(token.text for token in text.tokens)
    return any(tokens[at : at + len(words)] == words for at in range(len(tokens) - len(words) + 1))


def _is_anywhere(words: tuple[str, ...]) -> bool:
    """Numbers, single letters and the words that every text of a language holds."""
    common = words_of("common") | words_of("no")
    told = [word for word in words if not word.isdigit() and (word,) not in common]
    return sum(len(word) for word in told) < LETTERS_A_WORD
