"""What is equal in all mails of one template, language and property: a sheet, printed once, with gaps for each guest.

A message is a copy of a sheet: its words in the gaps. So it is also kept (`store/sending/sent_words.py`) and packed
(`channels/email/packing.py`): what is equal is deflated and encoded once, and only the words of the guest are anew.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import orjson

from shared.ids import make_id

MARK = re.compile("@@([0-9]+)@@")


class Filled(NamedTuple):
    """One place of a message: as it stands in plain text, and in a page, where it is safe."""

    text: str
    page: str


class Gapped:
    """A text with numbered gaps."""

    def __init__(self, parts: Sequence[str], gaps: Sequence[int]) -> None:
        """`parts`: one more than the gaps that stand between them."""
        self.parts, self.gaps = list(parts), tuple(gaps)

    @classmethod
    def of(cls, marked: str) -> Gapped:
        pieces = MARK.split(marked)
        return cls(pieces[::2], [int(number) for number in pieces[1::2]])

    @classmethod
    def joined(cls, some: Iterable[Gapped]) -> Gapped:
        parts, gaps = [""], list[int]()
        for one in some:
            parts[-1] += one.parts[0]
            parts += one.parts[1:]
            gaps += one.gaps
        return cls(parts, gaps)

    def filled(self, words: Mapping[int, str]) -> str:
        """With words in every gap."""
        if not self.gaps:
            return self.parts[0]
        joined = [""] * (2 * len(self.gaps) + 1)
        joined[::2] = self.parts
        joined[1::2] = [words[number] for number in self.gaps]
        return "".join(joined)

    def narrowed(self, words: Mapping[int, str]) -> Gapped:
        """With these words in their gaps; the others stay."""
        parts, gaps = [self.parts[0]], list[int]()
        for number, part in zip(self.gaps, self.parts[1:], strict=True):
            if number in words:
                parts[-1] += words[number] + part
            else:
                gaps.append(number)
                parts.append(part)
        return Gapped(parts, gaps)


class Sheet:
    """A mail in plain text and as a page, without the words of a guest."""

    def __init__(self, text: Gapped, page: Gapped) -> None:
        self.text, self.page = text, page
        self.places = tuple(dict.fromkeys((*text.gaps, *page.gaps)))

    @cached_property
    def number(self) -> UUID:
        """The same for the same words, whoever prints them."""
        return make_id("sheet", sha256(self._plain).hexdigest())

    @cached_property
    def packed(self) -> bytes:
        return zlib.compress(self._plain)

    @cached_property
    def beforehand(self) -> bytes:
        """What stands on it and may stand in the words around a copy as well (its hotel, its title): those are
        squeezed against it, so it stays as it is for as long as a text is kept."""
        return "".join((*self.text.parts, *self.page.parts)).encode()

    @property
    def _plain(self) -> bytes:
        return orjson.dumps([self.text.parts, self.text.gaps, self.page.parts, self.page.gaps])

    @classmethod
    def unpacked(cls, packed: bytes) -> Sheet:
        text, text_gaps, page, page_gaps = orjson.loads(zlib.decompress(packed))
        return cls(Gapped(text, text_gaps), Gapped(page, page_gaps))


@dataclass(frozen=True, slots=True)
class Copy:
    """`words`: of one guest, by place of the sheet."""

    sheet: Sheet
    words: Mapping[int, Filled]

    @property
    def text(self) -> str:
        return self.sheet.text.filled({place: words.text for place, words in self.words.items()})

    @property
    def page(self) -> str:
        return self.sheet.page.filled({place: words.page for place, words in self.words.items()})

    @property
    def in_order(self) -> list[Filled]:
        """By the order of the sheet's places."""
        return [self.words[place] for place in self.sheet.places]

    @classmethod
    def ordered(cls, sheet: Sheet, words: Iterable[Sequence[str]]) -> Copy:
        return cls(sheet, dict(zip(sheet.places, (Filled(*one) for one in words), strict=True)))
