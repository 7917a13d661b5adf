"""A mail is printed once for all guests of a property, with gaps where it speaks of one: the greeting, the links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.messaging.wording.conditions import Condition, all_hold
from services.messaging.wording.sheets import Copy, Filled, Gapped, Sheet

CUT = "@@|@@"
MOST_LAID_OUT = 200
Words = Mapping[int, Filled]


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
        self.part, self.page, self.text, self._content = part, page, text, tuple(content)

    def narrowed(self, words: Words) -> PrintedPart:
        page, text = pages_of(words), texts_of(words)
        content = () if any(words[place].text for place in self._content if place in words) else self._content
        return PrintedPart(self.part, self.page.narrowed(page), self.text.narrowed(text), content)

    @property
    def is_always_shown(self) -> bool:
        return not self.part.when and not self._content

    def is_shown(self, words: Words) -> bool:
        return not self._content or any(place in words and words[place].text.strip() for place in self._content)


@dataclass(frozen=True)
class Printed:
    """A mail with the words of a property in it. `uncertain`: the numbers of the parts that some guests are not
    shown."""

    subject: Gapped
    parts: Sequence[PrintedPart]
    uncertain: Sequence[int]
    _laid_out: dict[frozenset[int], LaidOut] = field(default_factory=dict)

    def without(self, hidden: frozenset[int]) -> LaidOut:
        """The mail without these parts."""
        if hidden not in self._laid_out:
            if len(self._laid_out) >= MOST_LAID_OUT:
                self._laid_out.clear()
            self._laid_out[hidden] = LaidOut([part for place, part in enumerate(self.parts) if place not in hidden])
        return self._laid_out[hidden]


class LaidOut:
    """The parts of a mail that some guests are shown, one below the other."""

    def __init__(self, shown: Sequence[PrintedPart]) -> None:
        self._texts = [part.text for part in shown]
        stripped = [one for one in map(_stripped, self._texts) if one.gaps or one.parts[0]]
        between = [Gapped(["\n\n"], ()) if place else Gapped([""], ()) for place in range(len(stripped))]
        text = Gapped.joined(one for pair in zip(between, stripped, strict=True) for one in pair)
        self._page = Gapped.joined(part.page for part in shown)
        self._sheet = Sheet(Gapped.joined((text, Gapped(["\n"], ()))), self._page)
        self._edges = {one.gaps[0] for one in stripped if one.gaps and not one.parts[0]}
        self._edges |= {one.gaps[-1] for one in stripped if one.gaps and not one.parts[-1]}
        self._is_plain = not any("\r" in part for part in (*text.parts, *self._page.parts))

    def filled(self, words: Words) -> tuple[str, str, Copy | None]:
        """In plain text, as a page, and as a copy of the sheet, where it is one: no word of the guest's makes a line
        more or less there."""
        texts, page = texts_of(words), self._page.filled(pages_of(words))
        edges = [texts[place] for place in self._edges]
        if self._is_plain and all(edges) and edges == [one.strip("\n") for one in edges]:
            own = {place: words[place] for place in self._sheet.places}
            return self._sheet.text.filled(texts), page, Copy(self._sheet, own)
        said = (one.filled(texts).strip("\n") for one in self._texts)
        return "\n\n".join(filter(None, said)) + "\n", page, None


def _stripped(text: Gapped) -> Gapped:
    """Without the line breaks around it, as far as they are fixed."""
    parts = list(text.parts)
    parts[0] = parts[0].lstrip("\n")
    parts[-1] = parts[-1].rstrip("\n")
    return Gapped(parts, text.gaps)


def pages_of(words: Words) -> dict[int, str]:
    return {place: filled.page for place, filled in words.items()}


def texts_of(words: Words) -> dict[int, str]:
    return {place: filled.text for place, filled in words.items()}


def holds(part: Part, facts: Mapping[str, Any]) -> bool:
    return all_hold(part.when, facts)
