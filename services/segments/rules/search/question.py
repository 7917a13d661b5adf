"""What somebody types to find a guest, word by word, in the readings it may have."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import partial
from itertools import groupby

from services.segments.rules.likeness.spelling import is_han, latin
from services.segments.rules.people.full_names import CHINESE_TITLES
from services.segments.rules.people.names import TITLES, fold
from services.segments.rules.search.spellings import words_in
from shared.rows import row

MOST_WORDS = 8
BETWEEN = re.compile(r"[\s,;，、；]+")
OF_A_NUMBER = re.compile(r"[+(]?[\d()./\-]+")


class Kind(StrEnum):
    NAME = "name"  # letters: of a name, most of the time
    NUMBER = "number"  # with a digit: of a reservation or phone number, or of an address
    ADDRESS = "address"  # with an @


@row
class Asked:
    """One word of a question. `text`: as it was typed, or as it is read."""

    text: str
    kind: Kind


Reading = tuple[Asked, ...]


def readings(text: str) -> list[Reading]:
    """The readings of a question, the likeliest first; none where it holds no word. Each word of one must be found.

    Figures with spaces between them are one number, or several; Han characters are also read as they sound.
    """
    typed = [piece for piece in BETWEEN.split(unicodedata.normalize("NFC", text).replace("\x00", "")) if piece]
    found = []
    for pieces in (_joined(typed), typed):
        if words := _without_titles([one for piece in pieces for one in _asked(piece)]):
            found += [words, *(tuple(spoken for one in words for spoken in way(one)) for way in AS_IT_SOUNDS)]
    return list(dict.fromkeys(reading[:MOST_WORDS] for reading in found))


def _joined(pieces: list[str]) -> list[str]:
    groups = groupby(pieces, key=lambda piece: bool(OF_A_NUMBER.fullmatch(piece)))
    return [one for is_number, group in groups for one in (["".join(group)] if is_number else group)]


def _asked(piece: str) -> list[Asked]:
    if "@" in piece:
        return [Asked(piece, Kind.ADDRESS)]
    if any(c.isdigit() for c in piece):
        return [Asked(piece, Kind.NUMBER)]
    for title in CHINESE_TITLES:
        piece = piece.removesuffix(title) or piece
    return [Asked(word, Kind.NAME) for word in words_in(piece)]


def _without_titles(words: list[Asked]) -> Reading:
    return tuple(word for word in words if fold(word.text) not in TITLES) or tuple(words)


def _as_it_sounds(cut: int | None, one: Asked) -> list[Asked]:
    """A Han word as its syllables. `cut`: so many are the family name, the others the given name."""
    if one.kind is not Kind.NAME or not is_han(one.text):
        return [one]
    said = latin(fold(one.text), is_family_name=True)
    words = said if cut is None else ("".join(said[:cut]), "".join(said[cut:]))
    return [Asked(word, Kind.NAME) for word in words if word]


AS_IT_SOUNDS = tuple(partial(_as_it_sounds, cut) for cut in (None, 1, 2))
"""张小明 as zhang xiao ming, as zhang xiaoming and, with a family name of two characters, as zhangxiao ming."""
