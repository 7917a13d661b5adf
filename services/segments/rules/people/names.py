"""When two written names may be one person's. Always beside an e-mail, a phone or a birth date, never alone.

Compatible: equal (whatever the case, accents, hyphens, spaces, order or title), an initial for a given name, or a
subset of the other's parts (two at least). Everything else is not: a typo is somebody else. A name of two people is
compatible with the same two people's only.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from shared.rows import row
from shared.vocabulary.couples import AND, names_two

TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "sr", "sra", "srta", "dona", "herr", "frau",
    "mme", "mlle", "monsieur", "madame", "signor", "signora", "sig",
})  # fmt: skip
PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "di", "du", "del", "della", "der", "den", "des", "ten", "ter", "van", "von",
    "vom", "zu", "zum", "zur", "la", "le", "el", "y", "e", "al", "bin", "ibn",
})  # fmt: skip
KEPT_MARKS = frozenset("\u3099\u309a")  # が is another letter than か, not an accented one
ASCII_WORDS = str.maketrans({chr(c): "" if chr(c) in "'`" else " " for c in range(128) if not chr(c).isalnum()})
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


@row
class Name:
    given: str
    family: str


@row
class Parts:
    """A name's folded parts without titles and particles. `joined`: all letters, in both orders. `initials`: of the
    words, in the order of the alphabet. `of_two`: two people's.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    joined: frozenset[str]
    initials: str
    of_two: bool

    @property
    def all(self) -> tuple[str, ...]:
        return self.given + self.family


def fold(text: str) -> str:
    """Case and accents dropped."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in spread if unicodedata.category(c) != "Mn" or c in KEPT_MARKS)
    return unicodedata.normalize("NFC", bare).translate(LETTERS)


@lru_cache(maxsize=200_000)
def parts_of(name: Name) -> Parts:
    given, family = _words(name.given), _words(name.family)
    if len(meant := _meant(given) + _meant(family)) >= 2 or not given + family:
        given, family = _meant(given), _meant(family)
    elif meant:  # «Le» may be all there is of a family name
        given, family = _untitled(given), _untitled(family)
    ahead, behind = "".join(given), "".join(family)
    initials = "".join(sorted(word[0] for word in given + family))
    of_two = names_two(name.given, name.family)
    return Parts(given, family, frozenset((ahead + behind, behind + ahead)), initials, of_two)


def compatible(one: Name, other: Name) -> bool:
    """Whether an address that both carry makes them one person."""
    if one == other:
        return bool(one.given or one.family)
    a, b = parts_of(one), parts_of(other)
    if not a.all or not b.all:
        return False
    if a.of_two or b.of_two:
        return a.of_two and b.of_two and sorted(set(a.all) - AND) == sorted(set(b.all) - AND)
    return not a.joined.isdisjoint(b.joined) or same_words(a, b) or _subset(a, b) or _initials(a, b)


def same_words(a: Parts, b: Parts) -> bool:
    """Whether they have the same parts, in whatever order."""
    return len(a.all) == len(b.all) and sorted(a.all) == sorted(b.all)


def full(name: Name) -> bool:
    """Whether it is a full name: a given and a family name, neither an initial."""
    parts = parts_of(name)
    return bool(parts.given and parts.family) and not any(map(is_initial, parts.all))


def key_of(name: Name) -> str:
    """What all spellings that differ in case, accents, hyphens, order and title have in common."""
    return min(parts_of(name).joined)


def fuller(one: Name, other: Name) -> bool:
    """Whether `one` is fuller than `other`, so that an initial never takes a name's place."""
    return _fullness(one) > _fullness(other)


def is_initial(part: str) -> bool:
    """A single letter of a script that has capitals; a Han character is a name."""
    return len(part) == 1 and part.upper() != part


def _fullness(name: Name) -> tuple[int, int, bool, bool]:
    words = [word for word in parts_of(name).all if not is_initial(word)]
    text = f"{name.given} {name.family}"
    return len(words), sum(map(len, words)), not text.isascii(), not (text.isupper() or text.islower())


def _subset(a: Parts, b: Parts) -> bool:
    few, many = sorted((a.all, b.all), key=len)
    rest = list(many)
    for word in few:
        if word not in rest:
            return False
        rest.remove(word)
    return sum(not is_initial(word) for word in few) >= 2


def _initials(a: Parts, b: Parts) -> bool:
    """The same family name, or a part of it, and given names of which each is the other's or its initial."""
    if not (a.given and b.given and a.family and b.family):
        return False
    if not (set(a.family) <= set(b.family) or set(b.family) <= set(a.family)):
        return False
    if all(map(is_initial, a.family)) or all(map(is_initial, b.family)):
        return False
    few, many = sorted((a.given, b.given), key=len)
    rest = list(many)
    for word in few:
        found = next((other for other in rest if _same_or_initial(word, other)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _same_or_initial(one: str, other: str) -> bool:
    return one == other or (one[0] == other[0] and (is_initial(one) or is_initial(other)))


def _words(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(text.lower().translate(ASCII_WORDS).split())
    folded = fold(text).replace("'", "").replace("’", "").replace("`", "")
    return tuple("".join(c if c.isalnum() else " " for c in folded).split())


def _untitled(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in TITLES)


def _meant(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in TITLES and word not in PARTICLES)
