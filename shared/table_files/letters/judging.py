"""In which encoding a file is written: by its mark, or by which of them makes its words plausible.

The whole file is read, in blocks. UTF-8 that is valid to the end is taken at once; otherwise the different words with
letters outside ASCII are kept, up to a bound, and each encoding is asked how plausible it makes them. Where two make
them about equally plausible, and different, both are told; so are the best where none makes them plausible.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from shared.table_files.letters.plausible import RATES
from shared.table_files.reading import Encoding

BLOCK = 1 << 20
MOST_WORDS = 20_000
LONGEST_WORD = 60
LONGEST_EXAMPLE = 80
MARKS = {
    codecs.BOM_UTF8: Encoding.UTF8,
    codecs.BOM_UTF16_LE: Encoding.UTF16_LE,
    codecs.BOM_UTF16_BE: Encoding.UTF16_BE,
}
ZEROS = 0.15  # of the bytes at one side, from which on they are UTF-16: separators and digits have a zero each
SURELY_UTF8, MAYBE_UTF8 = 0.95, 0.2  # of the words; a short one of another encoding may be valid UTF-8 by chance
PLAUSIBLE = 0.5
CLOSE, CLOSE_OF_ONE = 0.15, 0.2
"""How much less plausible a rival may be, and how much less where a single word tells them apart."""
POSSIBLE = 0.3
DOUBTFUL = frozenset({Encoding.WESTERN, Encoding.CHINESE})
"""What is offered beside the best where none is plausible: somebody has to look."""
ENDS_WORD = bytes(32 if one < 0x30 or one in b":;<=>?" else one for one in range(256))
"""No byte below 0x30 and none of these is part of a letter in any of the encodings."""
NOT_ASCII = re.compile(rb"[\x80-\xff]")
ENDS_CELL = re.compile(rb'[,;\t"\r\n]')

Rated = tuple[float, str]
"""How plausible a word is, and how it reads."""


@dataclass(frozen=True)
class Judgement:
    """`readings`: where others are as plausible, an example cell in each; empty where there is no question."""

    encoding: Encoding
    readings: Mapping[Encoding, str] = field(default_factory=dict)


def judge(opened: Callable[[], BinaryIO]) -> Judgement:
    """`opened` gives the file's bytes, from the beginning, each time it is called."""
    with opened() as file:
        head = file.read(BLOCK)
        for mark, encoding in MARKS.items():
            if head.startswith(mark):
                return Judgement(encoding)
        if found := _wide(head):
            return Judgement(found)
        if _is_utf8(head, file):
            return Judgement(Encoding.UTF8)
    with opened() as file:
        words = _words(file)
    utf8 = [place for place, word in enumerate(words) if _valid_utf8(word)]
    if len(utf8) >= SURELY_UTF8 * len(words):
        return Judgement(Encoding.UTF8)
    rated = {encoding: [_rate(encoding, word) for word in words] for encoding in RATES}
    best = max(rated, key=lambda one: sum(rates for rates, _ in rated[one]))
    if len(utf8) >= MAYBE_UTF8 * len(words) and _mean(rated[best], utf8) < PLAUSIBLE:
        return Judgement(Encoding.UTF8)  # with rows of something else in it, which are told one by one
    return _beside_its_rivals(best, rated, words, opened)


def _wide(head: bytes) -> Encoding | None:
    half = len(head) // 2 or 1
    at_even, at_odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if max(at_even, at_odd) < ZEROS or min(at_even, at_odd) > ZEROS:
        return None
    return Encoding.UTF16_BE if at_even > at_odd else Encoding.UTF16_LE


def _is_utf8(head: bytes, rest: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    block = head
    try:
        while block:
            decoder.decode(block)
            block = rest.read(BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _words(file: BinaryIO) -> list[bytes]:
    """The different words with a byte outside ASCII; of more than are kept the first."""
    found: dict[bytes, None] = {}
    left = b""
    while block := file.read(BLOCK):
        text = (left + block).translate(ENDS_WORD)
        end = text.rfind(b" ") + 1 or len(text)
        left = text[end:]
        for word in _words_in(text[:end]):
            if len(found) == MOST_WORDS:
                return list(found)
            found[word] = None
    found.update(dict.fromkeys(_words_in(left)))
    return list(found)


def _words_in(text: bytes) -> Iterator[bytes]:
    place = 0
    while high := NOT_ASCII.search(text, place):
        start = text.rfind(b" ", place, high.start()) + 1 or place
        place = text.find(b" ", high.start())
        place = len(text) if place < 0 else place
        if place - start <= LONGEST_WORD:
            yield text[start:place]


def _valid_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _beside_its_rivals(
    best: Encoding, rated: Mapping[Encoding, list[Rated]], words: list[bytes], opened: Callable[[], BinaryIO]
) -> Judgement:
    rivals: dict[Encoding, bytes] = {}
    is_doubtful = _mean(rated[best], range(len(words))) < PLAUSIBLE
    for encoding, mine in rated.items():
        differing = [place for place, (_, text) in enumerate(mine) if text != rated[best][place][1]]
        if not differing:
            continue
        mean, close = _mean(mine, differing), CLOSE + CLOSE_OF_ONE / len(differing)
        is_close = mean > POSSIBLE and mean > _mean(rated[best], differing) - close
        if is_close or (is_doubtful and encoding in DOUBTFUL):
            shown = max(differing, key=lambda place: mine[place][0] + rated[best][place][0])
            rivals[encoding] = words[shown]
    if not rivals:
        return Judgement(best)
    example = _cell(next(iter(rivals.values())), opened)
    readings = {one: example.decode(one, "replace") for one in (best, *rivals)}
    return Judgement(best, {one: text for one, text in readings.items() if one == best or text != readings[best]})


def _rate(encoding: Encoding, word: bytes) -> Rated:
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        return 0.0, ""
    return RATES[encoding](text), text


def _mean(rated: list[Rated], places: Sequence[int]) -> float:
    return sum(rated[place][0] for place in places) / len(places)


def _cell(word: bytes, opened: Callable[[], BinaryIO]) -> bytes:
    """The first cell that holds the word."""
    with opened() as file:
        while line := file.readline(BLOCK):
            place = line.find(word)
            if place >= 0:
                before, after = ENDS_CELL.split(line[:place])[-1], ENDS_CELL.split(line[place + len(word) :])[0]
                return (before[-LONGEST_EXAMPLE:] + word + after[:LONGEST_EXAMPLE]).strip()
    return word
