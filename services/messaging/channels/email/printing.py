"""A mail is printed once for all guests of a property, with gaps where it speaks of one: the greeting, the links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.messaging.channels.email.blocks.slots import Filled
from services.messaging.wording.conditions import Condition, all_hold

MARK = re.compile("@@([0-9]+)@@")
CUT = "@@|@@"
Words = Mapping[int, Filled]


class Gapped:
    """A text with numbered gaps."""

    def __init__(self, parts: Sequence[str], gaps: Sequence[int]) -> None:
        """`parts`: one more than the gaps that stand between them."""
        self._parts, self.gaps = list(parts), tuple(gaps)

    @classmethod
    def of(cls, marked: str) -> Gapped:
        pieces = MARK.split(marked)
        return cls(pieces[::2], [int(number) for number in pieces[1::2]])

    def filled(self, words: Mapping[int, str]) -> str:
        """With words in every gap."""
        if not self.gaps:
            return self._parts[0]
        joined = [""] * (2 * len(self.gaps) + 1)
        joined[::2] = self._parts
        joined[1::2] = [words[number] for number in self.gaps]
        return "".join(joined)

    def narrowed(self, words: Mapping[int, str]) -> Gapped:
        """With these words in their gaps; the others stay."""
        parts, gaps = [self._parts[0]], list[int]()
        for number, part in zip(self.gaps, self._parts[1:], strict=True):
            if number in words:
                parts[-1] += words[number] + part
            else:
                gaps.append(number)
                parts.append(part)
        return Gapped(parts, gaps)


@dataclass(frozen=True)
class Part:
    """A part of a mail's layout, with marks of the `places` that are its own, and when it is shown."""

    page: str
    plain: str
    places: frozenset[int]
    when: tuple[Condition, ...] = ()


class PrintedPart:
    """A part with the words of a property in it."""

    def __init__(self, part: Part, page: Gapped, text: Gapped, content: Iterable[int]) -> None:
        """`content`: those of its places that are empty where there is nothing to show; none where it always is."""
        self.part, self._page, self._text, self._content = part, page, text, tuple(content)

    def narrowed(self, words: Words) -> PrintedPart:
        page, text = pages_of(words), texts_of(words)
        content = () if any(words[place].text for place in self._content if place in words) else self._content
        return PrintedPart(self.part, self._page.narrowed(page), self._text.narrowed(text), content)

    def is_shown(self, words: Words) -> bool:
        return not self._content or any(place in words and words[place].text.strip() for place in self._content)

    def page(self, pages: Mapping[int, str]) -> str:
        return self._page.filled(pages)

    def text(self, texts: Mapping[int, str]) -> str:
        return self._text.filled(texts)


def pages_of(words: Words) -> dict[int, str]:
    return {place: filled.page for place, filled in words.items()}


def texts_of(words: Words) -> dict[int, str]:
    return {place: filled.text for place, filled in words.items()}


def holds(part: Part, facts: Mapping[str, Any]) -> bool:
    return all_hold(part.when, facts)
