"""One word in every way it may be written, and the pieces of it by which it is found.

A word is found whole, by its beginning, and with one letter wrong, missing, too many or swapped with its neighbour: two
words that are one such slip apart become the same where each leaves out one letter (or none), so that a slip is found
by equality, without comparing. Beginnings of a few lengths are enough, since whoever is found is compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from services.segments.rules.likeness.names import distance_within
from services.segments.rules.likeness.spelling import is_han, is_latin, latin, simplified, sound
from services.segments.rules.people.names import PARTICLES, fold

LONGEST = 24  # letters of a word that are looked at
BEGINNINGS = (1, 2, 3, 4, 6, 8)  # letters
SLIPS_FROM = 5  # letters of a word, one of which may be missing where it is typed
WRITTEN_OUT = str.maketrans({"ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "œ": "oe", "ü": "ue", "å": "aa"})
DRAWN_TOGETHER = re.compile("([aou])e|(?<=s)s")
APART = re.compile(r"[\W_]+")
HYPHENS = re.compile("[-\u2010-\u2014]")
APOSTROPHES = re.compile("['’`´]")


def piece(kind: str, text: str) -> int:
    """What stands for a plain piece in `guest_search`: 32 bits, signed."""
    found = crc32(f"{kind}{text}".encode())
    return found - 2**32 if found >= 2**31 else found


def words_in(text: str) -> list[str]:
    """The words of a name; one with an apostrophe is one."""
    return [word[:LONGEST] for word in APART.split(APOSTROPHES.sub("", unicodedata.normalize("NFC", text))) if word]


@lru_cache(maxsize=50_000)
def forms(word: str) -> tuple[str, ...]:
    """A word as it is compared: without accents first, then with ä as ae and ae as a, and last as it sounds.

    Of another script also in Latin letters; a Han word in simplified characters alone, since many sound the same.
    """
    written = _written(word)
    return written if is_han(word) else tuple(dict.fromkeys((*written, sound(written[-1]))))


def _written(word: str) -> tuple[str, ...]:
    """Letter by letter, so that a slip in the word is one in each of these."""
    folded = fold(word)
    if is_han(word):
        return (simplified(folded),)
    written_out = _in_latin(fold(word.casefold().translate(WRITTEN_OUT)))
    return tuple(dict.fromkeys((folded, _in_latin(folded), written_out, DRAWN_TOGETHER.sub(r"\1", written_out))))


def _in_latin(folded: str) -> str:
    return folded if is_latin(folded) else "".join(latin(folded))


def slips(word: str) -> frozenset[str]:
    """What the forms of a word become with at most one letter left out. Whether it is long enough for a slip, the
    longest form says: one that draws two letters together is shorter than the word."""
    written = [form for form in _written(word) if form.isascii()]
    if max(map(len, written), default=0) < SLIPS_FROM - 1:
        return frozenset()
    return frozenset(
        slip for form in written for slip in (form, *(form[:place] + form[place + 1 :] for place in range(len(form))))
    )


@lru_cache(maxsize=50_000)
def pieces_of_word(word: str) -> frozenset[int]:
    """By all of these a word is found."""
    found = set[int]()
    for form in forms(word):
        found.add(piece("=", form))
        found.update(piece("<", form[:letters]) for letters in BEGINNINGS if letters <= len(form))
    found.update(piece("~", slip) for slip in slips(word))
    return frozenset(found)


def whole(word: str) -> list[int]:
    """Who bears this very word, in whatever spelling."""
    return [piece("=", form) for form in forms(word)]


def begun(word: str) -> list[int]:
    """Who bears a word that begins so."""
    return [piece("<", form[: longest_of(BEGINNINGS, form)]) for form in forms(word)]


def with_a_slip(word: str) -> list[int]:
    """Who bears a word that is a slip away; nobody where it is too short."""
    if len(forms(word)[0]) < SLIPS_FROM - 1:
        return []
    return [piece("~", slip) for slip in slips(word)]


def is_a_slip(typed: str, word: str) -> bool:
    """Whether two words are one slip apart, in any of their forms, and long enough for one (see `slips`)."""
    mine, theirs = forms(typed), forms(word)
    if max(map(len, (*mine, *theirs))) < SLIPS_FROM:
        return False
    return any(distance_within(one, other, 1) for one in mine for other in theirs)


def longest_of(lengths: Sequence[int], text: str) -> int:
    """The greatest of these lengths that a text has; it has the first."""
    return max(length for length in lengths if length <= len(text))


def words_of_name(given: str, family: str) -> frozenset[str]:
    """Each word of a name, and those that are also written as one: Jean-Luc, De Luca, O'Brien; 张伟 in both orders and,
    since it may stand in one column, from each of its characters on."""
    mine, theirs = words_in(given), words_in(family)
    found = {*mine, *theirs}
    for text in (given, family):
        found.update(word for joined in HYPHENS.sub("", text).split() for word in words_in(joined))
        if APOSTROPHES.search(text):
            found.update(words_in(APOSTROPHES.sub(" ", text)))
    found.update("".join(pair) for words in (mine, theirs) for pair in pairwise(words) if fold(pair[0]) in PARTICLES)
    if not is_latin(fold(given + family)):
        found |= _of_another_script(mine, theirs)
    return frozenset(word[:LONGEST] for word in found if word)


def _of_another_script(given: list[str], family: list[str]) -> set[str]:
    ahead, behind = "".join(given), "".join(family)
    found = {ahead + behind, behind + ahead}
    sounds = list(_syllables(given, bare=not family, ahead=False)), list(_syllables(family, bare=True, ahead=True))
    for syllables in sounds:
        found |= {*syllables, "".join(syllables)}
    found |= {"".join(sounds[0] + sounds[1]), "".join(sounds[1] + sounds[0])}
    for word in (*given, *family):
        if is_han(word):
            found |= {word[place:] for place in range(len(word))}
    return found


def _syllables(words: Iterable[str], *, bare: bool, ahead: bool) -> Iterator[str]:
    """`bare`: a family name may be the first of these characters. `ahead`: it is."""
    for word in words:
        yield from latin(fold(word), is_family_name=bare or ahead)
