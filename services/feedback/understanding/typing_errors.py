"""Whether a word is a stop word that somebody mistyped."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

LONG, VERY_LONG, SHORTEST = 7, 10, 4


def is_misspelt(word: str, stops: Collection[tuple[str, ...]], ordinary: Collection[tuple[str, ...]]) -> int:
    """2: it can be nothing else («Stpo», «unsuscribe»); 1: it may be («srop»); 0: it is another word."""
    if len(word) < SHORTEST - 1 or not word.isalpha() or (word,) in ordinary:
        return 0
    found = 0
    for (stop,) in (each for each in stops if len(each) == 1 and len(each[0]) >= SHORTEST):
        if abs(len(stop) - len(word)) > 2 and _once(stop) != _once(word):
            continue
        if _once(stop) == _once(word) or _swapped(stop, word):
            return 2
        errors = distance(stop, word)
        if len(stop) >= LONG and errors <= (2 if len(stop) >= VERY_LONG else 1):
            return 2
        if errors == 1 and stop[0] == word[0]:
            found = 1
    return found


def _once(word: str) -> str:
    """Every letter that is repeated, once: «stoppp»."""
    return "".join(letter for letter, _ in groupby(word))


def _swapped(stop: str, word: str) -> bool:
    """Two neighbouring letters changed places."""
    apart = [place for place, (one, other) in enumerate(zip(stop, word, strict=False)) if one != other]
    return (
        len(stop) == len(word)
        and len(apart) == 2
        and apart[1] == apart[0] + 1
        and stop[apart[0]] == word[apart[1]]
        and stop[apart[1]] == word[apart[0]]
    )


def distance(one: str, other: str) -> int:
    """Letters to add, drop or change from one word to the other."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row[0] = row[0], place
        for column, its in enumerate(other, start=1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (letter != its))
    return row[-1]
