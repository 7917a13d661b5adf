"""A text in tokens, and its tokens in clauses.

A word is a token, a number is a token. Scripts that set no spaces between words (Han, Kana, Thai, and Hangul, whose
spaces people drop) give a token a letter: a phrase of theirs is then a run of tokens like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.feedback.understanding.folding import Folded, fold

LETTER_BY_LETTER = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3\u0e00-\u0e7f"
WORD = re.compile(rf"\d+|[{LETTER_BY_LETTER}]|[^\W\d_{LETTER_BY_LETTER}\u0900-\u097f]+|[\u0900-\u097f]+")
JOINS = "\u02bc"  # an apostrophe that is a letter: «don't» is one word
SHORTENED = re.compile(r"(?<=[a-z])['’`´ʼ](?=(?:t|s|re|ve|ll|m|d)\b)")
ENDS = re.compile(r"[.!?;:\n\r,…。！？；：，、()\[\]{}<>|¿¡।؟،؛·•\"“”«»„]+|\s[-–—~/]+\s?|[–—]+|\s\*+\s")
"""Where one thing that is said ends."""


@dataclass(frozen=True)
class Token:
    """`clause`: the number of the clause it stands in."""

    text: str
    start: int
    end: int
    clause: int

    @property
    def is_number(self) -> bool:
        return self.text.isdigit()


@dataclass(frozen=True)
class Text:
    folded: Folded
    tokens: tuple[Token, ...]

    @property
    def original(self) -> str:
        return self.folded.original

    def words(self, first: int, last: int) -> str:
        """The guest's words from one token to another, both within."""
        return self.folded.words(self.tokens[first].start, self.tokens[last].end)

    def between(self, place: int) -> str:
        """What stands before a token: from the token before it, or from the beginning."""
        start = self.tokens[place - 1].end if place else 0
        end = self.tokens[place].start if place < len(self.tokens) else len(self.folded.text)
        return self.folded.text[start:end]

    def clauses(self) -> Iterator[tuple[int, int]]:
        """First token and the one behind the last, clause by clause."""
        start = 0
        for place in range(1, len(self.tokens) + 1):
            if place == len(self.tokens) or self.tokens[place].clause != self.tokens[start].clause:
                yield start, place
                start = place


def tokens_of(text: str) -> Text:
    folded = fold(text)
    tokens: list[Token] = []
    clause, behind = 0, 0
    joined = SHORTENED.sub(JOINS, folded.text)
    for found in WORD.finditer(joined):
        word = found.group().replace(JOINS, "")
        if not word:
            continue
        if tokens and ENDS.search(folded.text, behind, found.start()):
            clause += 1
        tokens.append(Token(word, found.start(), found.end(), clause))
        behind = found.end()
    return Text(folded, tuple(tokens))


def split(phrase: str) -> tuple[str, ...]:
    """A phrase of a language's file in tokens, folded as texts are."""
    return tuple(token.text for token in tokens_of(phrase).tokens)
