"""The languages' files, and where their words stand in a text.

A phrase is words with single spaces; «*» behind a word stands for any ending («schick*»), «…» between two parts for up
to four words of whatever kind. Texts of letter-by-letter scripts match without regard to spaces.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from services.feedback.understanding.tokens import Text, Token, split

LANGUAGES = Path(__file__).parent / "languages"
GAP, GAP_OF_LETTERS = 4, 10
SHORTEST_STEM = 2


@dataclass(frozen=True)
class Phrase:
    """`parts`: runs of words with a gap between each two; of each word, whether it is a stem with any ending."""

    language: str
    concept: str
    parts: tuple[tuple[tuple[str, bool], ...], ...]


@dataclass(frozen=True)
class Match:
    """A concept at tokens `first` to `last`, both within."""

    language: str
    concept: str
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def overlaps(self, other: Match) -> bool:
        return self.first <= other.last and other.first <= self.last


def covers(matches: Sequence[Match], places: Iterable[int]) -> bool:
    """Whether each of these tokens belongs to one of the matches."""
    covered = {place for match in matches for place in range(match.first, match.last + 1)}
    return covered.issuperset(places)


def words_at(text: Text, matches: Iterable[Match]) -> tuple[str, ...]:
    """The words that matches rest on, as they were written, in order and each once."""
    ordered = sorted(matches, key=lambda match: match.first)
    return tuple(dict.fromkeys(text.words(match.first, match.last) for match in ordered))


class Vocabulary:
    """Phrases by their first word, so that a text is looked through once whatever the number of languages."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._whole: dict[str, list[Phrase]] = defaultdict(list)
        self._stems: dict[str, list[Phrase]] = defaultdict(list)
        self._longest = 0
        for phrase in phrases:
            first, is_stem = phrase.parts[0][0]
            if is_stem:
                self._stems[first].append(phrase)
                self._longest = max(self._longest, len(first))
            else:
                self._whole[first].append(phrase)

    def matches(self, text: Text) -> list[Match]:
        tokens = text.tokens
        found: list[Match] = []
        for place, token in enumerate(tokens):
            for phrase in self._beginning_with(token.text):
                last = _end_of(phrase, tokens, place)
                if last is not None:
                    found.append(Match(phrase.language, phrase.concept, place, last))
        return found

    def _beginning_with(self, word: str) -> Iterator[Phrase]:
        yield from self._whole.get(word, ())
        for length in range(SHORTEST_STEM, min(len(word), self._longest) + 1):
            yield from self._stems.get(word[:length], ())


def _end_of(phrase: Phrase, tokens: Sequence[Token], place: int) -> int | None:
    """The last token of the phrase where it begins at `place`, within one clause."""
    clause = tokens[place].clause
    behind = place
    for number, part in enumerate(phrase.parts):
        gap = 0 if number == 0 else GAP_OF_LETTERS if is_letter(part[0][0]) else GAP
        starts = range(behind, min(behind + gap, len(tokens) - 1) + 1)
        start = next((each for each in starts if _stands(part, tokens, each)), None)
        if start is None:
            return None
        behind = start + len(part)
    last = behind - 1
    return last if tokens[last].clause == clause or len(phrase.parts) == 1 else None


def is_letter(word: str) -> bool:
    """A token of a script that sets no spaces."""
    return len(word) == 1 and not word.isascii()


def _stands(part: Sequence[tuple[str, bool]], tokens: Sequence[Token], start: int) -> bool:
    if start + len(part) > len(tokens):
        return False
    for (word, is_stem), token in zip(part, tokens[start:], strict=False):
        if not (token.text.startswith(word) if is_stem else token.text == word):
            return False
    return True


def phrase_of(language: str, concept: str, written: str) -> Phrase:
    parts = tuple(tuple(_words(piece)) for piece in written.split("…"))
    if not all(parts):
        raise ValueError(f"{language}: «{written}» under {concept} holds no word")
    return Phrase(language, concept, parts)


def _words(piece: str) -> Iterator[tuple[str, bool]]:
    for written in piece.split():
        *before, last = split(written)
        yield from ((word, False) for word in before)
        yield last, written.endswith("*")


LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is ten times as fast, where PyYAML has it


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Mapping[str, Any]]:
    """Every language's file, by its code."""
    return files_in(LANGUAGES)


def files_in(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Files of words by language. All their values are text: «no» and «null» are words here."""
    return {path.stem: yaml.load(path.read_text("utf-8"), LOADER) for path in sorted(folder.glob("*.yaml"))}


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """All phrases of all languages; number words under the concept `number 7`."""
    phrases: list[Phrase] = []
    for code, file in languages().items():
        for concept, written in file.items():
            if concept == "numbers":
                phrases += [phrase_of(code, f"number {n}", word) for n, words in written.items() for word in words]
            elif isinstance(written, list):
                phrases += [phrase_of(code, concept, str(one)) for one in written]
    return Vocabulary(phrases)


@lru_cache(maxsize=1)
def _number_words() -> frozenset[str]:
    return frozenset(
        unicodedata.normalize("NFC", word).casefold()
        for file in languages().values()
        for words in file.get("numbers", {}).values()
        for word in words
    )


def is_so_written(word: str) -> bool:
    """Whether a number word has its own accents or none: «très» is not «tres»."""
    return word.isascii() or unicodedata.normalize("NFC", word).casefold() in _number_words()


@lru_cache(maxsize=64)
def words_of(concept: str) -> frozenset[tuple[str, ...]]:
    """Every phrase without a gap that any language has for a concept."""
    return frozenset(split(str(one)) for file in languages().values() for one in file.get(concept) or ())
