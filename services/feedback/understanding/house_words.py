"""What the colleagues of a house have corrected, beside the lists: the same words are read so the next time.

A phrase of the house is a word of the lists like any other: it feels in its clause, a «not» turns it round, a longer
one goes before it. A text that is nothing but words that were corrected as a whole is read as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.vocabulary import Match, Phrase, Vocabulary

WHOLE_TEXT = ""
"""Stands among the topics for how the text feels as a whole."""
NOT_SPOKEN_OF = "none"
TOPIC = "topic "
FEELS = {"positive": "good", "negative": "bad", "neutral": "plain"}
"""By feeling the list whose words a phrase is weighed as."""


@dataclass(frozen=True, kw_only=True)
class Taught:
    """`words`: folded, as texts are. `feelings`: by topic, or `NOT_SPOKEN_OF`. `is_whole`: of a text that is nothing
    but these words. `lessons`: the corrections it rests on."""

    words: tuple[str, ...]
    feelings: Mapping[str, str]
    is_whole: bool
    lessons: tuple[UUID, ...]

    def feels_as(self) -> str | None:
        """The list it is weighed by: as its topics feel, else as the whole text does; None where it only speaks."""
        topics = [feeling for topic, feeling in self.feelings.items() if topic and feeling in FEELS]
        feeling = next(iter(topics), self.feelings.get(WHOLE_TEXT))
        return FEELS.get(feeling or "")


class HouseWords:
    """Those that count at one hotel."""

    def __init__(self, taught: Sequence[Taught] = ()) -> None:
        self._wholes = {one.words: one for one in taught if one.is_whole}
        self._phrases = [one for one in taught if not one.is_whole]
        self._vocabulary = Vocabulary(
            [
                Phrase("", str(number), (tuple((word, False) for word in one.words),))
                for number, one in enumerate(self._phrases)
            ]
        )

    def __bool__(self) -> bool:
        return bool(self._wholes or self._phrases)

    def whole(self, text: Text) -> Taught | None:
        return self._wholes.get(tuple(token.text for token in text.tokens)) if self._wholes else None

    def phrases(self, text: Text) -> list[tuple[Match, Taught]]:
        found = self._vocabulary.matches(text) if self._phrases else []
        return [(match, self._phrases[int(match.concept)]) for match in found]


NO_WORDS = HouseWords()


def beside(found: Sequence[tuple[Match, Taught]], matches: Sequence[Match]) -> list[Match]:
    """The words of the lists with those of the house before them; what speaks of no topic is none of its words."""
    denied = [
        (f"{TOPIC}{topic}", match)
        for match, one in found
        for topic, feeling in one.feelings.items()
        if topic and feeling == NOT_SPOKEN_OF
    ]
    kept = [one for one in matches if not any(one.concept == topic and one.overlaps(match) for topic, match in denied)]
    return [*_as_listed(found), *kept]


def _as_listed(found: Sequence[tuple[Match, Taught]]) -> list[Match]:
    listed = []
    for match, one in found:
        concepts = [f"{TOPIC}{topic}" for topic, feeling in one.feelings.items() if topic and feeling in FEELS]
        if weighed := one.feels_as():
            concepts.append(weighed)
        listed += [Match(match.language, concept, match.first, match.last) for concept in concepts]
    return listed
