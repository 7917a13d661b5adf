"""A mail is printed once for all guests of a property, with gaps where it speaks of one: the greeting, the links."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.messaging.wording.piece import Rendered

MARK = re.compile("\0([0-9]+)\0")  # no text holds a NUL


def gap(number: int) -> str:
    return f"\0{number}\0"


class Printed:
    """`rendered` with gaps in it, ready to be filled for one guest after another."""

    def __init__(self, rendered: Rendered) -> None:
        self._subject, self._text = _Gapped(rendered.subject), _Gapped(rendered.text)
        self._html = _Gapped(rendered.html or "")

    def filled(self, words: Mapping[int, str], in_html: Mapping[int, str], kept: Mapping[int, str]) -> Rendered:
        """With these words in the gaps of these numbers; `in_html`: escaped."""
        return Rendered(self._subject.filled(words), self._text.filled(words), self._html.filled(in_html), kept)


class _Gapped:
    def __init__(self, text: str) -> None:
        self._parts = MARK.split(text)
        self._gaps = [int(number) for number in self._parts[1::2]]

    def filled(self, words: Mapping[int, str]) -> str:
        if not self._gaps:
            return self._parts[0]
        parts = self._parts.copy()
        parts[1::2] = [words[number] for number in self._gaps]
        return "".join(parts)
